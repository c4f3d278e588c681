import { createHash } from 'node:crypto'
import { isClaim, pairingCodeOf } from '../../protocol/claim'
import { CodedError } from '../../protocol/error-codes'
import { nodeNameOf } from '../../protocol/node-name'
import type {
  NodeDocument,
  RegistrationDocument,
  RegistrationRequest,
  RegistrationSummary,
} from '../../schemas/generated/types'
import type { Database } from './database'
import { readNode, readRegistration, registrationKey } from './node-documents'
import { externalIdTaken, refuseClash } from './refuse-clash'

/** Anybody may ask to be registered, so what waits is bounded, and does not wait for ever. */
export const WAITING = {
  /** May be passed by as many as arrive at the same moment: they are counted, and written after. */
  mostInAll: 1_000,
  mostForOneId: 10,
  expiresAfterMs: 30 * 24 * 60 * 60_000,
  /** Expired ones that one request clears away. */
  mostCleared: 20,
} as const

/** The view `registrations/waiting` of the database `nodes`. */
export interface Waiting {
  id: string
  externalId: string
  requestedAt: string
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'

/** The same for the same request at every gateway, so a lost answer costs nothing. 130 bits of SHA-256 in base32. */
export function registrationIdOf(externalId: string, claimHash: string): string {
  const hash = createHash('sha256').update(`${externalId}\n${claimHash}`).digest('hex')
  let bits = BigInt(`0x${hash}`) >> 126n
  let id = ''
  for (let index = 0; index < 26; index++) {
    id = `${BASE32[Number(bits & 31n)]}${id}`
    bits >>= 5n
  }
  return id
}

/** POST /registrations. Throws EXTERNAL_ID_TAKEN or TOO_MANY_REGISTRATIONS. */
export async function requestRegistration(
  request: RegistrationRequest,
  { nodes, waiting, now }: { nodes: Database; waiting: () => Promise<Waiting[]>; now: () => Date },
): Promise<{ created: boolean; registration: RegistrationDocument }> {
  const { externalId, claimHash } = request
  const id = registrationIdOf(externalId, claimHash)
  const before = await readRegistration(nodes, id)
  if (before && !isExpired(before, now())) return { created: false, registration: before }
  await refuseClash(nodes, externalId)
  const node = await readNode(nodes, nodeNameOf(externalId))
  if (node && node.reopenedAt === undefined) throw externalIdTaken()
  await refuseTooMany({ id, externalId }, { nodes, waiting, now })
  const registration: RegistrationDocument = {
    _id: registrationKey(id),
    ...(before?._rev !== undefined && { _rev: before._rev }),
    kind: 'registration',
    id,
    ...request,
    pairingCode: pairingCodeOf(claimHash),
    status: 'pending',
    requestedAt: now().toISOString(),
  }
  if ((await nodes.put(registration)) === 'written') return { created: true, registration }
  const winner = await readRegistration(nodes, id)
  if (winner === undefined) throw new CodedError('OVERLOADED', 'This registration is being changed; ask again.')
  return { created: false, registration: winner }
}

async function refuseTooMany(
  { id: own, externalId }: { id: string; externalId: string },
  { nodes, waiting, now }: { nodes: Database; waiting: () => Promise<Waiting[]>; now: () => Date },
): Promise<void> {
  const all = await waiting()
  const expired = all.filter(({ id, requestedAt }) => id !== own && isPast(requestedAt, now()))
  for (const { id } of expired.slice(0, WAITING.mostCleared)) {
    const registration = await readRegistration(nodes, id)
    // Read again: it may have been decided or renewed since the view was made.
    if (registration?._rev && isExpired(registration, now())) await nodes.remove(registration._id, registration._rev)
  }
  const alive = all.filter(({ requestedAt }) => !isPast(requestedAt, now()))
  const forThisId = alive.filter((one) => one.externalId === externalId)
  if (alive.length >= WAITING.mostInAll || forThisId.length >= WAITING.mostForOneId) {
    throw new CodedError('TOO_MANY_REGISTRATIONS', 'Too many registrations wait for a decision of the operator.')
  }
}

/** Whose claim it is: the registration, or undefined for an unknown id, an expired one and a wrong claim alike. */
export function claimed(
  registration: RegistrationDocument | undefined,
  claim: string,
  now: Date,
): RegistrationDocument | undefined {
  // Compared in any case, so that the time taken does not tell an unknown id from a wrong claim.
  const isTheirs = isClaim(claim, registration?.claimHash ?? '0'.repeat(64))
  return registration !== undefined && isTheirs && !isExpired(registration, now) ? registration : undefined
}

export function isExpired({ status, requestedAt }: RegistrationDocument, now: Date): boolean {
  return status === 'pending' && isPast(requestedAt, now)
}

function isPast(requestedAt: string, now: Date): boolean {
  return Date.parse(requestedAt) < now.getTime() - WAITING.expiresAfterMs
}

const REPLACED = 'Another machine has taken the place of this one at the facility.'

/**
 * The registration as it counts: an accepted one whose node another registration has taken over is over. Said in one
 * place and nowhere written, so nothing can be left half done.
 */
export function standingOf(registration: RegistrationDocument, node: NodeDocument | undefined): RegistrationDocument {
  if (registration.status !== 'accepted' || node?.registrationId === registration.id) return registration
  return { ...registration, status: 'rejected', reason: REPLACED }
}

export function registrationSummary(registration: RegistrationDocument): RegistrationSummary {
  const { _id, _rev, kind, ...summary } = registration
  return summary
}
