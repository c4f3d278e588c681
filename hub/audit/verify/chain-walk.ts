import type { AuditHead } from '../../../schemas/generated/types'
import type { PlacedEntry } from '../chain-place'
import { entryText } from '../entry-text'
import { type Break, breakAt, named } from './break'
import type { Judging } from './judging'
import type { SaidOfChains } from './said-of-chains'

/** A chain never lacks so many numbers at one place unless somebody took them: a batch is far smaller. */
const MOST_LACKING = 10_000

/** What a chain came to. `open`: it was not sealed; its gateway runs, or was killed. */
export interface ChainEndState {
  readonly state: 'sealed' | 'open'
  readonly head?: AuditHead
  readonly lastAt?: string
  /** Numbers of the last batch that are not there: the gateway or the database died while it was written. */
  readonly unresolved: readonly number[]
}

/** Goes along one chain. It stops looking at the first break: what comes after it proves nothing. */
export class ChainWalk {
  #last: PlacedEntry | undefined
  #broken: Break | undefined
  /** Numbers that are neither there nor said to be void, since the batch that they belong to. */
  #lacking: number[] = []
  #behindLacking: PlacedEntry | undefined

  constructor(
    readonly id: string,
    private readonly said: SaidOfChains,
    private readonly judging: Judging,
  ) {}

  /** The next entry in the order of numbers. */
  take(entry: PlacedEntry): void {
    this.#broken ??= this.#breakAt(entry)
    this.#last = entry
  }

  /** After the last entry. */
  end(): Break | ChainEndState {
    const last = this.#last
    if (this.#broken) return this.#broken
    const isSealed = last?.action === 'seal'
    if (last && isSealed && this.#lacking.length > 0) return this.#missingBefore(last)
    const claims = this.said.claimsOf(this.id)
    const unseen = claims.find(({ head }) => head.number > (last?.chain.number ?? 0))
    if (unseen) {
      const reason = `The chain ends with ${named(last ?? {})}, number ${last?.chain.number ?? 0}; ${unseen.by} has seen it up to number ${unseen.head.number}.`
      return breakAt('cut-off', last ?? {}, reason)
    }
    const denied = this.#lacking.find((number) =>
      claims.some(({ head }) => head.number >= number && !head.missing?.includes(number)),
    )
    if (last && denied !== undefined) return this.#missingBefore(last)
    return {
      state: isSealed ? 'sealed' : 'open',
      ...(last && { head: headOf(last), lastAt: last.at }),
      unresolved: this.#lacking,
    }
  }

  #breakAt(entry: PlacedEntry): Break | undefined {
    const { number, previous, hash, batch } = entry.chain
    const before = this.#last
    const expected = (before?.chain.number ?? 0) + 1
    if (this.judging.sha256(entryText(entry)) !== hash) {
      return breakAt('altered', entry, `Entry ${named(entry)} was changed: its content is not what its hash says.`)
    }
    if (number < expected) {
      const reason = `Number ${number} has two entries, ${named(before ?? {})} and ${named(entry)}.`
      return breakAt('twice', entry, reason)
    }
    if (before?.action === 'seal') {
      return breakAt('inserted', entry, `Entry ${named(entry)} stands behind the end of its chain.`)
    }
    // A batch is sent once all is known of the one before.
    if (this.#lacking.length > 0 && batch !== before?.chain.batch) return this.#missingBefore(entry)
    if (number - expected > MOST_LACKING) return this.#missingBefore(entry, expected)
    const voided = this.said.voidedIn(this.id)
    for (let lacking = expected; lacking < number; lacking++) {
      if (voided.has(lacking) && this.said.claimsAt(this.id, lacking).length === 0) continue
      this.#lacking.push(lacking)
      this.#behindLacking = entry
    }
    // What lacks of an earlier batch than this entry's was taken away.
    if (this.#lacking.some((lacking) => lacking < batch)) return this.#missingBefore(entry)
    const linkedTo = number === expected ? before?.chain.hash : voided.get(number - 1)
    const isKnown = number === expected || linkedTo !== undefined
    if (isKnown && previous !== linkedTo) {
      const reason = `Entry ${named(entry)} was linked to another entry than ${before ? named(before) : 'none'}, which stands before it: that one was replaced.`
      return breakAt('replaced', entry, reason)
    }
    const denied = this.said.claimsAt(this.id, number).find(({ head }) => head.hash !== hash)
    if (denied) {
      const reason = `Entry ${named(entry)} is not the one that ${denied.by} has seen under number ${number}: the chain was written anew.`
      return breakAt('replaced', entry, reason)
    }
    return undefined
  }

  #missingBefore(found: PlacedEntry, from = this.#lacking[0] ?? 0): Break {
    const entry = this.#behindLacking ?? found
    const to = this.#lacking.at(-1) ?? entry.chain.number - 1
    const numbers = from === to ? `Number ${from} is` : `Numbers from ${from} to ${to} are`
    return breakAt('missing', entry, `${numbers} missing before entry ${named(entry)}.`)
  }
}

function headOf({ chain }: PlacedEntry): AuditHead {
  return { chain: chain.id, number: chain.number, hash: chain.hash }
}
