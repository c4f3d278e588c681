import { createHmac, hkdfSync } from 'node:crypto'
import { CodedError } from '../../protocol/error-codes'
import type { Secret } from '../../runtime/settings'
import type { RegistrationDocument } from '../../schemas/generated/types'
import type { Database } from './database'
import { readRegistration } from './node-documents'
import { masterKeyOf } from './seal'

/** Anybody may ask to be registered, so what waits is bounded, and does not wait for ever. */
export const WAITING = {
  /** May be passed by as many as arrive at the same moment: they are counted, and written after. */
  mostInAll: 1_000,
  mostForOneId: 10,
  /**
   * An address may have one waiting for each so many free places. So the share shrinks as the places fill: one address gets
   * 200 (a ministry's, behind which all facilities of a province ask, too), ten get 71 each, and a new one always finds a place.
   */
  freeForOneOfAddress: 4,
  expiresAfterMs: 30 * 24 * 60 * 60_000,
  /** Expired ones that one request clears away. */
  mostCleared: 20,
} as const

/** An hour: people have to decide first. */
const RETRY_AFTER = { headers: { 'Retry-After': '3600' } }

/** The view `registrations/waiting` of the database `nodes`. */
export interface Waiting {
  readonly id: string
  readonly externalId: string
  readonly requestedAt: string
  /** None where it was asked for before addresses counted. */
  readonly addressHash: string | undefined
}

type Asking = Pick<Waiting, 'id' | 'externalId'> & { readonly addressHash: string }

/** Why one more may not wait; undefined where it may. */
export function tooMany(
  { externalId, addressHash }: Omit<Asking, 'id'>,
  alive: readonly Waiting[],
): 'TOO_MANY_REGISTRATIONS' | 'TOO_MANY_FROM_ADDRESS' | undefined {
  const free = WAITING.mostInAll - alive.length
  const forThisId = alive.filter((one) => one.externalId === externalId)
  if (free <= 0 || forThisId.length >= WAITING.mostForOneId) return 'TOO_MANY_REGISTRATIONS'
  const fromHere = alive.filter((one) => one.addressHash === addressHash)
  return fromHere.length * WAITING.freeForOneOfAddress >= free ? 'TOO_MANY_FROM_ADDRESS' : undefined
}

const REASONS = {
  TOO_MANY_REGISTRATIONS: 'Too many registrations wait for a decision of the operator.',
  TOO_MANY_FROM_ADDRESS: 'Too many registrations from this address wait for a decision of the operator.',
} as const

/** Counted in the database, so at all gateways (law 9). Clears some expired ones away. */
export async function refuseTooMany(
  asking: Asking,
  { nodes, waiting, now }: { nodes: Database; waiting: () => Promise<Waiting[]>; now: () => Date },
): Promise<void> {
  const all = await waiting()
  const expired = all.filter(({ id, requestedAt }) => id !== asking.id && isPast(requestedAt, now()))
  for (const { id } of expired.slice(0, WAITING.mostCleared)) {
    const registration = await readRegistration(nodes, id)
    // Read again: it may have been decided or renewed since the view was made.
    if (registration?._rev && isExpired(registration, now())) await nodes.remove(registration._id, registration._rev)
  }
  const code = tooMany(
    asking,
    all.filter(({ requestedAt }) => !isPast(requestedAt, now())),
  )
  if (code) throw new CodedError(code, REASONS[code], RETRY_AFTER)
}

export function isExpired({ status, requestedAt }: RegistrationDocument, now: Date): boolean {
  return status === 'pending' && isPast(requestedAt, now)
}

function isPast(requestedAt: string, now: Date): boolean {
  return Date.parse(requestedAt) < now.getTime() - WAITING.expiresAfterMs
}

/**
 * What an address is known by in the database: 128 bits of a keyed hash, since all IPv4 addresses are hashed in an hour. With
 * another HUB_SECRET_KEY it is another, and those that wait count for nobody.
 */
export function addressHasher(secretKey: Secret): (addressKey: string) => string {
  const key = Buffer.from(hkdfSync('sha256', masterKeyOf(secretKey), '', 'lontar registrations v1', 32))
  return (addressKey) => createHmac('sha256', key).update(addressKey).digest('hex').slice(0, 32)
}
