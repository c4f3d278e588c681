import { randomBytes } from 'node:crypto'
import { chmod, stat } from 'node:fs/promises'
import { readFileIfThere, removeDrafts, writeFileAtomically } from '../../runtime/atomic-file'
import type { Log } from '../../runtime/log'
import { PlainError } from '../../runtime/plain-error'
import { checked } from '../../schemas/check'
import type { KeptRegistration } from '../../schemas/generated/types'
import { isKeptRegistration } from '../../schemas/generated/validators'

const OWNER_ALONE = 0o600
const OTHERS = 0o077

/** The folder of the edge's data belongs to another facility, or its credentials file can't be read. */
export class KeptRegistrationError extends PlainError {}

/**
 * The registration that is kept in `path`. Where there is none, a new claim is made, and is on the disk before anybody
 * can send its hash: a claim that is lost costs the facility a visit.
 */
export async function openKeptRegistration(
  path: string,
  externalId: string,
  log: Pick<Log, 'warn'>,
): Promise<KeptRegistration> {
  await removeDrafts(path)
  await closeToOthers(path, log)
  const text = await readFileIfThere(path)
  if (text === undefined) {
    const kept = newRegistration(externalId)
    await keepRegistration(path, kept)
    return kept
  }
  let kept: KeptRegistration
  try {
    kept = checked(isKeptRegistration, JSON.parse(text), path)
  } catch (error) {
    // Not overwritten: it may hold the only copy of the credentials.
    throw new KeptRegistrationError(`${path} can not be read. Restore it, or move it away to register anew.`, {
      cause: error,
    })
  }
  if (kept.externalId !== externalId) {
    throw new KeptRegistrationError(
      `The data folder belongs to facility ${kept.externalId}, and EDGE_EXTERNAL_ID says ${externalId}.`,
    )
  }
  return kept
}

/** A file that other users of the computer can read or write is closed to them; whoever could read it has the credentials. */
async function closeToOthers(path: string, log: Pick<Log, 'warn'>): Promise<void> {
  try {
    const { mode } = await stat(path)
    if ((mode & OTHERS) === 0) return
    await chmod(path, OWNER_ALONE)
    log.warn(
      { mode: (mode & 0o777).toString(8) },
      'other users of this computer could read the credentials file; it is closed to them now (mode 600). If somebody else uses this computer, have the ministry run `lontar hub rotate --now`',
    )
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return
    throw new KeptRegistrationError(
      `Other users of this computer can read ${path}, and it can not be closed to them (${code}). Make it the edge's own: chown it to the user that the edge runs as, and chmod 600.`,
      { cause: error },
    )
  }
}

export async function keepRegistration(path: string, kept: KeptRegistration): Promise<void> {
  await writeFileAtomically(path, `${JSON.stringify(kept, null, 2)}\n`)
}

export function newRegistration(externalId: string): KeptRegistration {
  return { version: 1, externalId, claim: randomBytes(32).toString('base64url'), status: 'unregistered' }
}
