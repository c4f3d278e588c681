import { counterOf, MAX_COUNTER } from '../../protocol/mrn'

/** The last document id that is not after `from` and not before `to`, in the order of ids; undefined for none. */
export type LastId = (from: string, to: string) => Promise<string | undefined>

/** So many MRNs of older systems are passed over in search of one that an edge minted. */
const MOST_JUMPS = 5_000

/**
 * The highest MRN counter of a facility that has arrived, 0 for none: below it, an edge that comes back from a backup
 * must not mint.
 *
 * It goes down the ids from the top: `101` + eight digits, highest first. Numbers of 7 digits from older systems lie in
 * between (`1010000042:` sorts after `10100000429:`), and say nothing; each is passed with one read, however many
 * documents it has. After MOST_JUMPS of them the answer is the number reached, which is too high and therefore safe.
 */
export async function mrnFloor(externalId: string, lastId: LastId): Promise<number> {
  const bottom = `${externalId}0`
  let from = `${externalId}99999999:\uffff`
  let partition = ''
  for (let jumps = 0; jumps <= MOST_JUMPS; jumps++) {
    const id = await lastId(from, bottom)
    if (id === undefined) return 0
    partition = id.split(':')[0] ?? ''
    const counter = counterOf(externalId, partition)
    if (counter !== undefined) return counter
    from = `${partition}:`
  }
  return Math.min(MAX_COUNTER, Number(partition.slice(externalId.length).slice(0, 7)))
}
