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
  const mode = await modeOf(path)
  if (mode === undefined || (mode & OTHERS) === 0) return
  try {
    await chmod(path, OWNER_ALONE)
  } catch (error) {
    throw openToOthers(path, error)
  }
  // Some file systems take the change and do nothing.
  if ((((await modeOf(path)) ?? 0) & OTHERS) !== 0) throw openToOthers(path)
  log.warn(
    { mode: mode.toString(8) },
    'other users of this computer could read the credentials file; it is closed to them now (mode 600). If somebody else uses this computer, have the ministry run `lontar hub rotate --now`',
  )
}

async function modeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mode & 0o777
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function openToOthers(path: string, cause?: unknown): KeptRegistrationError {
  return new KeptRegistrationError(
    `Other users of this computer can read ${path}, and it can not be closed to them. Make it the edge's own, on a file system that knows owners: chown it to the user that the edge runs as, and chmod 600.`,
    { cause },
  )
}

export async function keepRegistration(path: string, kept: KeptRegistration): Promise<void> {
  await writeFileAtomically(path, `${JSON.stringify(kept, null, 2)}\n`)
}

export function newRegistration(externalId: string): KeptRegistration {
  return { version: 1, externalId, claim: randomBytes(32).toString('base64url'), status: 'unregistered' }
}
