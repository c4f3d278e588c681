import type { Replicator } from './replicator'

const REFUSED_PAGE = 500

/** Why the hub has not acknowledged everything; undefined where it has, but for what it refuses. */
export async function unacknowledged(replicator: Replicator): Promise<string | undefined> {
  const { state, pendingDocuments, reason } = await replicator.status()
  if (state === 'idle' && pendingDocuments === 0) return undefined
  return reason ?? 'Waiting until the hub has acknowledged everything.'
}

/** All that the hub refuses. */
export async function refusedIds(replicator: Replicator): Promise<string[]> {
  const ids: string[] = []
  for (let after = ''; ; ) {
    const page = await replicator.refusedPage(after, REFUSED_PAGE)
    ids.push(...page.map(({ id }) => id))
    if (page.length < REFUSED_PAGE) return ids
    after = page.at(-1)?.id ?? ''
  }
}
