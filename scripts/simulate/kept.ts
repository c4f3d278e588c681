import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { KeptFacility } from './facility'

/**
 * Claims and credentials of simulated facilities, so that a second start goes on with the same ones: a hub hands credentials out
 * once. The file is for its owner alone, as an edge's credentials are.
 */
export class KeptFacilities {
  readonly #facilities: Record<string, KeptFacility>

  constructor(private readonly file: string) {
    this.#facilities = read(file)
  }

  of(externalId: string): KeptFacility {
    this.#facilities[externalId] ??= { claim: randomBytes(32).toString('base64url'), patients: 0 }
    return this.#facilities[externalId]
  }

  save(): void {
    mkdirSync(dirname(this.file), { recursive: true })
    const draft = `${this.file}.new`
    writeFileSync(draft, JSON.stringify(this.#facilities), { mode: 0o600 })
    renameSync(draft, this.file)
  }
}

function read(file: string): Record<string, KeptFacility> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, KeptFacility>
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}
