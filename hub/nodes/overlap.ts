import type { CredentialsDocument } from '../../schemas/generated/types'

/**
 * While old and new credentials of a node both work, the new ones stand beside the old under names of their own:
 *
 *     rotated            sync: old, next     node: old, next     overlapEndsAt
 *     new sync used      sync: next          node: old, next     overlapEndsAt
 *     a new signature    sync: next          node: next
 *
 * Each takes the other's place at its first use, and what is left when the overlap ends: in one write, so that no crash leaves
 * a node without a password. CouchDB knows one password of a user, and keeps the old one until the new one has taken its place.
 */
export function withNextSyncPassword(secrets: CredentialsDocument): CredentialsDocument {
  const { nextSyncPasswordHash, nextSyncPasswordSealed, ...rest } = secrets
  if (nextSyncPasswordHash === undefined || nextSyncPasswordSealed === undefined) return secrets
  return ended({ ...rest, syncPasswordHash: nextSyncPasswordHash, syncPasswordSealed: nextSyncPasswordSealed })
}

export function withNextNodePassword(secrets: CredentialsDocument): CredentialsDocument {
  const { nextNodePasswordSealed, ...rest } = secrets
  if (nextNodePasswordSealed === undefined) return secrets
  return ended({ ...rest, nodePasswordSealed: nextNodePasswordSealed, nodePasswordHandedOver: false })
}

/** What was to come is dropped. */
export function withoutNext(secrets: CredentialsDocument): CredentialsDocument {
  const { nextSyncPasswordHash, nextSyncPasswordSealed, nextNodePasswordSealed, overlapEndsAt, ...rest } = secrets
  return rest
}

/** The secrets as they count now: at the end of the overlap the old ones are over, whether anybody has written that or not. */
export function standing(secrets: CredentialsDocument, now: Date): CredentialsDocument {
  if (!isOver(secrets, now)) return secrets
  return withNextNodePassword(withNextSyncPassword(secrets))
}

export function isOver({ overlapEndsAt }: CredentialsDocument, now: Date): boolean {
  return overlapEndsAt !== undefined && Date.parse(overlapEndsAt) <= now.getTime()
}

function ended(secrets: CredentialsDocument): CredentialsDocument {
  if (secrets.nextSyncPasswordHash !== undefined || secrets.nextNodePasswordSealed !== undefined) return secrets
  const { overlapEndsAt: _over, ...rest } = secrets
  return rest
}
