import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { readFileIfThere, removeDrafts, writeFileAtomically } from '../../runtime/atomic-file'

/** In EDGE_DATA, mode 0600: whoever may read it may read the records beside it too. */
const FILE = 'local-token'

/** A new one at each start: what the command line on this machine shows. */
export async function makeLocalToken(dataFolder: string): Promise<string> {
  const path = join(dataFolder, FILE)
  await removeDrafts(path)
  const token = `lontar_local_${randomBytes(32).toString('base64url')}`
  await writeFileAtomically(path, `${token}\n`)
  return token
}

/** Undefined where there is none, or another user of this machine asks. */
export async function readLocalToken(dataFolder: string): Promise<string | undefined> {
  try {
    return (await readFileIfThere(join(dataFolder, FILE)))?.trim()
  } catch {
    return undefined
  }
}
