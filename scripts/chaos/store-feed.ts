import PouchDB from 'pouchdb'
import { isSent } from '../../protocol/push-rules'
import type { RunningHub } from '../../test/support/hub'

/** What an edge has to send: each document of its own in its newest revision, deletions among them. */
export type Feed = Map<string, { rev: string; deleted: boolean; sourceId?: string }>

/** Revisions by document. */
export type Revisions = ReadonlyMap<string, readonly string[]>

/** A stopped edge's files. */
export async function withFiles<T>(dataFolder: string, work: (files: EdgeFiles) => Promise<T>): Promise<T> {
  const database = new PouchDB(`${dataFolder}/ehr`) as PouchDB.Database & RevsDiff
  try {
    return await work({
      feed: () => feedOf(database),
      lacks: async (revisions) => namesOf(await database.revsDiff(bodyOf(revisions))),
    })
  } finally {
    await database.close()
  }
}

/** What hubs are asked by, and its types don't know. */
interface RevsDiff {
  revsDiff(revisions: Record<string, string[]>): Promise<Lacking>
}

type Lacking = Record<string, { missing?: string[] }>

export interface EdgeFiles {
  feed(): Promise<Feed>
  /** Those of the revisions that are not there, as `<id> <rev>`. */
  lacks(revisions: Revisions): Promise<Set<string>>
}

const ASKED_AT_ONCE = 1_000

/**
 * The same of a hub, by its database's own door. A revision beneath a newer one counts: where a document was changed twice
 * before it was sent, the first change is part of the history of the second.
 */
export async function lacksAtHub(hub: RunningHub, revisions: Revisions): Promise<Set<string>> {
  const entries = [...revisions]
  const lacking = new Set<string>()
  for (let at = 0; at < entries.length; at += ASKED_AT_ONCE) {
    const body = Object.fromEntries(entries.slice(at, at + ASKED_AT_ONCE))
    const answer = await hub.couch('/ehr/_revs_diff', { method: 'POST', body })
    if (answer.status !== 200) throw new Error(`the hub's database answered ${answer.status}`)
    for (const [id, { missing = [] }] of Object.entries(answer.body as Lacking)) {
      const known = new Set((await historiesAt(hub, id)).flat())
      for (const rev of missing) if (!known.has(rev)) lacking.add(nameOf(id, rev))
    }
  }
  return lacking
}

/** Ids that began twice, with different content: two machines have given out the same one. */
export async function bornTwice(hub: RunningHub, ids: readonly string[]): Promise<string[]> {
  const twice: string[] = []
  for (const id of ids) {
    const firsts = (await historiesAt(hub, id)).map((history) => history.at(-1))
    if (new Set(firsts).size > 1) twice.push(id)
  }
  return twice
}

/** Of each branch, from its newest revision down to its first. */
async function historiesAt(hub: RunningHub, id: string): Promise<string[][]> {
  const path = `/ehr/${encodeURIComponent(id)}?open_revs=all&revs=true`
  const { status, body } = await hub.couch(path, { headers: { accept: 'application/json' } })
  if (status !== 200) return []
  return (body as Branch[]).flatMap(({ ok }) =>
    ok ? [ok._revisions.ids.map((hash, index) => `${ok._revisions.start - index}-${hash}`)] : [],
  )
}

interface Branch {
  ok?: { _revisions: { start: number; ids: string[] } }
}

export function nameOf(id: string, rev: string): string {
  return `${id} ${rev}`
}

/** The newest revision of each. */
export function newestOf(feed: Feed): Revisions {
  return new Map([...feed].map(([id, { rev }]) => [id, [rev]]))
}

async function feedOf(database: PouchDB.Database): Promise<Feed> {
  const { results } = await database.changes({ since: 0, include_docs: true })
  const feed: Feed = new Map()
  for (const { id, doc, deleted } of results) {
    if (!doc || !isSent('101', doc)) continue
    const { sourceId } = doc as { sourceId?: string }
    feed.set(id, { rev: doc._rev, deleted: deleted === true, ...(sourceId !== undefined && { sourceId }) })
  }
  return feed
}

function bodyOf(revisions: Revisions): Record<string, string[]> {
  return Object.fromEntries([...revisions].map(([id, revs]) => [id, [...revs]]))
}

function namesOf(answer: Lacking): Set<string> {
  return new Set(Object.entries(answer).flatMap(([id, { missing = [] }]) => missing.map((rev) => nameOf(id, rev))))
}
