import type { AuditEntry, AuditHead } from '../../../schemas/generated/types'

/** Somebody has seen this end of a chain: an entry of another chain, the gateway that answers, or whoever wrote it down. */
export interface Claim {
  readonly head: AuditHead
  readonly by: string
}

/**
 * What is said of chains outside of themselves: where they ended when somebody looked, and which of their numbers the
 * database did not take. Collected before the chains are gone through, since a chain is spoken of in later ones.
 */
export class SaidOfChains {
  readonly #claims = new Map<string, Map<number, Claim[]>>()
  readonly #voided = new Map<string, Map<number, string>>()
  #firstStart: string | undefined

  /** From here on an entry without a chain is one too many. */
  get firstStart(): string | undefined {
    return this.#firstStart
  }

  /** The chains that somebody has seen. */
  get seen(): IterableIterator<string> {
    return this.#claims.keys()
  }

  /** An entry of the kind `chain`. */
  take({ _id, at, action, chain }: AuditEntry): void {
    if (chain === undefined) return
    if (action === 'start' && (this.#firstStart === undefined || at < this.#firstStart)) this.#firstStart = at
    for (const head of chain.heads ?? []) this.claim(head, `entry ${_id} of ${at}`)
    for (const { chain: id, number, hash } of chain.voided ?? []) {
      const known = this.#voided.get(id) ?? new Map<number, string>()
      this.#voided.set(id, known.set(number, hash))
    }
  }

  claim(head: AuditHead, by: string): void {
    const ofChain = this.#claims.get(head.chain) ?? new Map<number, Claim[]>()
    this.#claims.set(head.chain, ofChain)
    ofChain.set(head.number, [...(ofChain.get(head.number) ?? []), { head, by }])
  }

  claimsOf(chain: string): readonly Claim[] {
    return [...(this.#claims.get(chain)?.values() ?? [])].flat()
  }

  claimsAt(chain: string, number: number): readonly Claim[] {
    return this.#claims.get(chain)?.get(number) ?? []
  }

  voidedIn(chain: string): ReadonlyMap<number, string> {
    return this.#voided.get(chain) ?? new Map()
  }
}
