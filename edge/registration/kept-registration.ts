import { randomBytes } from 'node:crypto'
import { readFileIfThere, writeFileAtomically } from '../../runtime/atomic-file'
import { PlainError } from '../../runtime/plain-error'
import { checked } from '../../schemas/check'
import type { KeptRegistration } from '../../schemas/generated/types'
import { isKeptRegistration } from '../../schemas/generated/validators'

/** The folder of the edge's data belongs to another facility, or its credentials file can't be read. */
export class KeptRegistrationError extends PlainError {}

/**
 * The registration that is kept in `path`. Where there is none, a new claim is made, and is on the disk before anybody
 * can send its hash: a claim that is lost costs the facility a visit.
 */
export async function openKeptRegistration(path: string, externalId: string): Promise<KeptRegistration> {
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

export async function keepRegistration(path: string, kept: KeptRegistration): Promise<void> {
  await writeFileAtomically(path, `${JSON.stringify(kept, null, 2)}\n`)
}

export function newRegistration(externalId: string): KeptRegistration {
  return { version: 1, externalId, claim: randomBytes(32).toString('base64url'), status: 'unregistered' }
}
