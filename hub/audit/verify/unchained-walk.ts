import type { AuditEntry, AuditHead } from '../../../schemas/generated/types'
import { entryText } from '../entry-text'
import { type Break, breakAt, named } from './break'
import type { Judging } from './judging'
import type { SaidOfChains } from './said-of-chains'

/** Goes along what has no chain: entries from before there were chains, and whatever somebody put in. */
export class UnchainedWalk {
  #number = 0
  #hash: string | undefined
  #broken: Break | undefined
  /** How many there were when the first chain began; undefined where no chain says so. */
  readonly #counted: number | undefined

  constructor(
    private readonly said: SaidOfChains,
    private readonly judging: Judging,
  ) {
    const counts = said.claimsOf('').map(({ head }) => head.number)
    this.#counted = counts.length > 0 ? Math.min(...counts) : undefined
  }

  take(document: unknown): void {
    this.#number += 1
    this.#broken ??= this.#breakAt(document)
  }

  end(): Break | { head?: AuditHead } {
    if (this.#broken) return this.#broken
    if ((this.#counted ?? 0) > this.#number) {
      const reason = `Of ${this.#counted} entries from before there were chains, ${this.#number} are there.`
      return { kind: 'missing', chain: '', reason }
    }
    return this.#hash === undefined ? {} : { head: { chain: '', number: this.#number, hash: this.#hash } }
  }

  #breakAt(document: unknown): Break | undefined {
    const entry = document as AuditEntry
    const { firstStart } = this.said
    if (!this.judging.isEntry(document) || document.chain !== undefined) {
      return breakAt('altered', shown(entry), `Document ${named(shown(entry))} is not of the form of an entry.`)
    }
    if (firstStart !== undefined && document.at >= firstStart) {
      return breakAt(
        'inserted',
        document,
        `Entry ${named(document)} stands in no chain, though there were chains by then.`,
      )
    }
    const { sha256 } = this.judging
    // As hub/audit/entry-hash.ts has it.
    this.#hash = sha256(`${this.#hash ?? ''}${sha256(entryText(document))}`)
    const denied = this.said.claimsAt('', this.#number).find(({ head }) => head.hash !== this.#hash)
    if (denied) {
      const reason = `The first ${this.#number} entries, to ${named(document)}, are not those that ${denied.by} has seen: one was changed, put in or taken away.`
      return breakAt('replaced', document, reason)
    }
    if (this.#counted !== undefined && this.#number > this.#counted) {
      return breakAt(
        'inserted',
        document,
        `Entry ${named(document)} is one more than there were before the first chain.`,
      )
    }
    return undefined
  }
}

/** What can be said of a document that may be anything. */
function shown({ _id, at }: { _id?: unknown; at?: unknown }): Partial<AuditEntry> {
  return { ...(typeof _id === 'string' && { _id }), ...(typeof at === 'string' && { at }) }
}
