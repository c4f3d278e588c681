import type { Receipt } from '../../schemas/generated/types'
import type { Deletion } from './snapshot'

/** What the edge remembers of the deletions that a receipt covers. */
export interface KeptDeletions {
  /** Up to which sequence of the store; for that key of that hub alone. */
  upTo: number
  /** Not among them: the hub refused these, or they were left out for another reason. */
  without: string[]
  /** The last of those that were looked at once more. */
  lookedAt: string
}

/** A run names so many of the covered ones once more, in turn. */
export const IN_TURN = 300
/** Beyond this the list is not worth its place: all are named again. */
const MOST_WITHOUT = 1_000

/**
 * No store lists its deletions by range, so the edge has to name them, and a facility that deletes for years would name
 * more each week. A deletion that the hub has signed for is not named again, but for some in turn:
 *
 *     receipt up to 700, deletions at 120, 450, 690 and since then 810: named are 810 and the next few of the other three
 *
 * If the hub loses one that is not named, and has the document again, the range has an item too many, and differs. What
 * goes unseen until its turn is a deletion of a document of which the hub knows nothing at all any more.
 */
export function coveredAmong(
  deletions: readonly Deletion[],
  kept: KeptDeletions | undefined,
  alsoNamed: ReadonlySet<string>,
): { covered: ReadonlySet<string>; lookedAt: string } {
  if (!kept) return { covered: new Set(), lookedAt: '' }
  const without = new Set(kept.without)
  const ids = deletions.flatMap(({ id, seq }) => (seq <= kept.upTo && !without.has(id) ? [id] : []))
  const next = ids.findIndex((id) => id > kept.lookedAt)
  const turn = next < 0 ? ids.slice(0, IN_TURN) : ids.slice(next, next + IN_TURN)
  const named = new Set(turn)
  return { covered: new Set(ids.filter((id) => !named.has(id) && !alsoNamed.has(id))), lookedAt: turn.at(-1) ?? '' }
}

/** After a receipt was taken. */
export function coveredBy(
  { upTo }: Pick<Receipt, 'upTo'>,
  deleted: ReadonlySet<string>,
  leftOut: ReadonlySet<string>,
  lookedAt: string,
): KeptDeletions | undefined {
  const without = [...leftOut].filter((id) => deleted.has(id))
  return without.length > MOST_WITHOUT ? undefined : { upTo, without, lookedAt }
}
