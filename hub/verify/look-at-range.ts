import { byId, digestOf, type Entry, itemOf, textOf } from '../../protocol/verify-digest'
import type { VerifyAnswer, VerifyRequest } from '../../schemas/generated/types'

/** What a database says of revisions, without a body of a document. */
export interface Revisions {
  /** Living documents from `from` up to and with `to`, in the order of their ids. */
  living(from: string, to: string, limit: number): Promise<Entry[]>
  /** Those of the ids that are deleted. */
  deleted(ids: readonly string[]): Promise<Entry[]>
}

export type AskedRange = VerifyRequest['ranges'][number]
export type RangeAnswer = VerifyAnswer['ranges'][number]

/** So many documents of a range are looked at; a range with more is to be asked in parts. */
export const MOST_IN_RANGE = 40_000
const MOST_LISTED = 8_192
const PAGE = 5_000
/** What follows an id: nothing sorts between the two. */
const NEXT = '\0'

/** What the hub has between two ids: its living documents, and its tombstones among those that the edge names. */
export async function lookAtRange(revisions: Revisions, range: AskedRange): Promise<RangeAnswer> {
  const { from, to, deleted = [], except = [], list = false } = range
  const entries: Entry[] = []
  for (let start = from; ; ) {
    const page = await revisions.living(start, to, PAGE)
    entries.push(...page)
    const last = page.at(-1)
    if (page.length < PAGE || !last) break
    if (entries.length > MOST_IN_RANGE) return { tooMany: true }
    start = `${last.id}${NEXT}`
  }
  const leftOut = new Set(except)
  const gone = deleted.filter((id) => !leftOut.has(id))
  if (gone.length > 0) entries.push(...(await revisions.deleted(gone)))
  const compared = entries.filter(({ id }) => !leftOut.has(id)).sort(byId)
  if (list && compared.length > MOST_LISTED) return { tooMany: true }
  const items = compared.map(itemOf)
  return { count: items.length, digest: digestOf(items), ...(list && { items: textOf(items) }) }
}
