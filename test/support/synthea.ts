import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Bundle } from 'fhir/r4'

/** Where the real-world sized bundles are; they are not part of the project. */
export const SYNTHEA_DIR = resolve(process.env['SYNTHEA_DIR'] ?? '../shared/data/synthea')

/** The files of SYNTHEA_DIR, or made-up ones' absence said once: an empty list where there are none. */
export function syntheaFiles(): string[] {
  try {
    return readdirSync(SYNTHEA_DIR)
      .filter((name) => name.endsWith('.json.gz'))
      .sort()
      .map((name) => join(SYNTHEA_DIR, name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    process.stderr.write(`SYNTHEA_DIR ${SYNTHEA_DIR} is not there: made-up records stand in for its bundles.\n`)
    return []
  }
}

export function readBundle(file: string): Bundle {
  return JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as Bundle
}
