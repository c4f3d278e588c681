import { placeOfDocument, resourceIdOf } from '../../protocol/ids'

/** As many as are told one by one; who has missed more reads anew what is shown. */
export const MOST_NAMED = 500

export interface Change {
  readonly sequence: number
  readonly type: string
  /** `Patient/10100000018` */
  readonly reference: string
}

/** The newest changes of the store. Everything after `since` is here. */
export interface RecentChanges {
  readonly since: number
  readonly newest: number
  readonly changes: readonly Change[]
}

export function nothingYet(newest: number): RecentChanges {
  return { since: newest, newest, changes: [] }
}

/** Of a resource that is changed again only the last change stays. */
export function withRows(
  before: RecentChanges,
  rows: readonly { id: string; seq: number }[],
  newest: number,
): RecentChanges {
  const byReference = new Map(before.changes.map((change) => [change.reference, change]))
  for (const { id, seq } of rows) {
    const place = placeOfDocument(id)
    if (!place) continue
    const reference = `${place.type}/${resourceIdOf(place)}`
    byReference.delete(reference)
    byReference.set(reference, { sequence: seq, type: place.type, reference })
  }
  const all = [...byReference.values()]
  const changes = all.slice(-MOST_NAMED)
  const dropped = all.at(-MOST_NAMED - 1)
  return { since: Math.max(before.since, dropped?.sequence ?? 0), newest, changes }
}

/** What came after `sequence`, oldest first; undefined where more did than is known. */
export function changesAfter(recent: RecentChanges, sequence: number): readonly Change[] | undefined {
  if (sequence < recent.since || sequence > recent.newest) return undefined
  return recent.changes.filter((change) => change.sequence > sequence)
}
