import type { RefusalDocument, RefusalList, RefusalReasons } from '../../schemas/generated/types'
import { cursorOf, cursorText, END, limitOf } from '../audit/audit-page'
import type { CouchDatabase, Stored } from '../couch/couch-database'

export interface RefusedQuery {
  node?: string
  reason?: string
  limit?: string
  after?: string
}

/**
 * What the gate refused, of one node or of all, for one reason or any, page by page. A cursor names the last document that was
 * shown: what is taken off the list meanwhile shifts nothing.
 */
export async function refusedPage(nodes: CouchDatabase, query: RefusedQuery): Promise<RefusalList> {
  const limit = limitOf(query.limit)
  const found = await (query.reason === undefined ? inOrder : forReason)(nodes, query, limit)
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  const refused = shown.map(({ doc: { _id, _rev, kind, ...entry } }) => entry)
  return { refused, ...(found.length > limit && last && { next: cursorText(last.key) }) }
}

/** Why, and how often; most of them first. Reasons are sentences of ours and of the design documents, so they are few. */
export async function refusalReasons(nodes: CouchDatabase): Promise<RefusalReasons> {
  const reasons = new Map<string, { reason: string; documents: number; nodes: number }>()
  for (const { key, value } of await nodes.grouped('refusals', 'by-reason', 2)) {
    const reason = String(key[0])
    const sum = reasons.get(reason) ?? { reason, documents: 0, nodes: 0 }
    reasons.set(reason, { reason, documents: sum.documents + value, nodes: sum.nodes + 1 })
  }
  return { reasons: [...reasons.values()].sort((a, b) => b.documents - a.documents) }
}

/** The facilities that have documents refused for this reason. */
export async function nodesRefusedFor(nodes: CouchDatabase, reason: string): Promise<string[]> {
  const rows = await nodes.grouped('refusals', 'by-reason', 2)
  return rows.flatMap(({ key: [of, nodeName] }) => (of === reason ? [String(nodeName)] : []))
}

interface Found {
  key: string[]
  doc: Stored<RefusalDocument>
}

async function inOrder(nodes: CouchDatabase, { node, after }: RefusedQuery, limit: number): Promise<Found[]> {
  const prefix = node === undefined ? 'refused:' : `refused:${node}:`
  const [id = prefix] = textsOf(cursorOf(after, [], 1))
  const startkey = id.startsWith(prefix) ? id : prefix
  const selection = { startkey, endkey: `${prefix}\uffff`, limit: limit + 2, includeDocs: true }
  const rows = await nodes.allDocs<RefusalDocument>(selection)
  return rows.flatMap(({ id, doc }) => (doc && id !== startkey ? [{ key: [id], doc }] : [])).slice(0, limit + 1)
}

async function forReason(nodes: CouchDatabase, query: RefusedQuery, limit: number): Promise<Found[]> {
  const { reason = '', node, after } = query
  const prefix = node === undefined ? [reason] : [reason, node]
  const shown = textsOf(cursorOf(after, prefix, 3))
  const rows = await nodes.view<null, RefusalDocument>('refusals', 'by-reason', {
    startkey: shown.length > 0 ? shown : prefix,
    endkey: [...prefix, END],
    limit: limit + 2,
    reduce: false,
    includeDocs: true,
  })
  return rows
    .flatMap(({ key, doc }) => (doc ? [{ key: key as unknown as string[], doc }] : []))
    .filter(({ key }) => JSON.stringify(key) !== JSON.stringify(shown))
    .slice(0, limit + 1)
}

function textsOf(key: readonly (string | number)[] | undefined): string[] {
  return (key ?? []).map(String)
}
