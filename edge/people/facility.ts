import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readFileIfThere, removeDrafts, writeFileAtomically } from '../../runtime/atomic-file'
import { PlainError } from '../../runtime/plain-error'
import { checked } from '../../schemas/check'
import type { KeptFacility } from '../../schemas/generated/types'
import { isKeptFacility } from '../../schemas/generated/validators'

const FILE = 'facility.json'

/** What the first start was told; undefined before it. Throws PlainError where the file can't be read. */
export async function readFacility(dataFolder: string): Promise<KeptFacility | undefined> {
  const path = join(dataFolder, FILE)
  const text = await readFileIfThere(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (text === undefined) return undefined
  try {
    return checked(isKeptFacility, JSON.parse(text), path)
  } catch (cause) {
    throw new PlainError(`${path} can not be read. Restore it, or set EDGE_EXTERNAL_ID, EDGE_NAME and HUB_URL.`, {
      cause,
    })
  }
}

export async function keepFacility(dataFolder: string, facility: Omit<KeptFacility, 'version'>): Promise<void> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  await chmod(dataFolder, 0o700)
  const path = join(dataFolder, FILE)
  await removeDrafts(path)
  await writeFileAtomically(path, `${JSON.stringify({ version: 1, ...facility }, null, 2)}\n`)
}
