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
import { isExpired, refuseTooMany, type Waiting } from './waiting'

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

/**
 * POST /registrations. Throws EXTERNAL_ID_TAKEN, TOO_MANY_REGISTRATIONS or TOO_MANY_FROM_ADDRESS.
 *
 * @param addressHash  of where it comes from
 */
export async function requestRegistration(
  request: RegistrationRequest,
  addressHash: string,
  { nodes, waiting, now }: { nodes: Database; waiting: () => Promise<Waiting[]>; now: () => Date },
): Promise<{ created: boolean; registration: RegistrationDocument }> {
  const { externalId, claimHash } = request
  const id = registrationIdOf(externalId, claimHash)
  const before = await readRegistration(nodes, id)
  if (before && !isExpired(before, now())) return { created: false, registration: before }
  await refuseClash(nodes, externalId)
  const node = await readNode(nodes, nodeNameOf(externalId))
  if (node && node.reopenedAt === undefined) throw externalIdTaken()
  await refuseTooMany({ id, externalId, addressHash }, { nodes, waiting, now })
  const registration: RegistrationDocument = {
    _id: registrationKey(id),
    ...(before?._rev !== undefined && { _rev: before._rev }),
    kind: 'registration',
    id,
    ...request,
    pairingCode: pairingCodeOf(claimHash),
    status: 'pending',
    requestedAt: now().toISOString(),
    addressHash,
  }
  if ((await nodes.put(registration)) === 'written') return { created: true, registration }
  const winner = await readRegistration(nodes, id)
  if (winner === undefined) throw new CodedError('OVERLOADED', 'This registration is being changed; ask again.')
  return { created: false, registration: winner }
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
  const { _id, _rev, kind, addressHash, ...summary } = registration
  return summary
}
