import { hostname } from 'node:os'
import { ulid } from 'ulid'
import { CodedError } from '../../protocol/error-codes'
import type { Log } from '../../runtime/log'
import type { Stoppable } from '../../runtime/service'
import { packageVersion } from '../../runtime/settings'
import type { AuditEntry, AuditHead } from '../../schemas/generated/types'
import type { AuditDatabase, WriteOutcome } from './audit-database'
import { AuditQueue, type Waiting } from './audit-queue'
import { type ChainEnd, type ChainWord, type PlacedEntry, type Placing, placed } from './chain-place'
import { chainWords } from './chain-words'

type Voided = NonNullable<ChainWord['voided']>[number]

/**
 * The chain of this process (docs/audit.md): each entry holds the hash of the one before it. Entries that come while others
 * are on their way to the disk wait for these, and then go together, so the disk is waited for once for all of them.
 *
 * A number is given once. The database may refuse its entry, because another gateway has written its id: the next entry
 * says so (`void`). Where nobody knows what became of a batch, the chain is given up where it is and another one begun:
 * whatever of the batch is there is at the end of the old one, and in order.
 */
export class AuditChain implements Stoppable {
  readonly #gateway = { id: ulid(), host: hostname().slice(0, 255) || 'unknown', version: packageVersion() }
  readonly #queue = new AuditQueue()
  #running: Promise<void> | undefined
  #stopping: Promise<void> | undefined
  /** Where the next batch goes on; undefined: a new chain begins with it. */
  #end: ChainEnd | undefined
  /** The last entry that the database has, and so has all before it. */
  #head: AuditHead | undefined
  #voided: readonly Voided[] = []

  constructor(
    private readonly database: Pick<AuditDatabase, 'write'>,
    private readonly options: {
      readonly log?: Pick<Log, 'info' | 'warn'> | undefined
      readonly now?: (() => Date) | undefined
      /** Called, and not waited for, when a chain of this process has begun. */
      readonly onBegin?: (() => void) | undefined
    } = {},
  ) {}

  /** The last entry of this process that is known to be on the disk. */
  get head(): AuditHead | undefined {
    return this.#head
  }

  /** Resolves once the entry is on the disk; `exists`: there is one of this id. Throws where it is not known to be there. */
  async write(entry: Omit<AuditEntry, 'chain'>): Promise<'written' | 'exists'> {
    if (this.#stopping) throw unavailable(new Error('the chain of this process is being sealed'))
    if (this.#queue.isFull) {
      throw new CodedError('OVERLOADED', 'Too much waits for the audit; try again.')
    }
    return this.#queued({ entry })
  }

  /** Names what this gateway has seen of other chains. Nothing is written where this process has no chain. */
  async witness(heads: readonly AuditHead[]): Promise<void> {
    if (this.#stopping || this.#end === undefined) return
    await this.#queued(chainWords.witness(this.#now(), heads))
  }

  /** What waits is written, and after it that the chain ends here. */
  stop(): Promise<void> {
    this.#stopping ??= this.#seal()
    return this.#stopping
  }

  async #seal(): Promise<void> {
    await this.#running
    if (this.#end === undefined) return
    await this.#queued(chainWords.seal(this.#now())).catch((error: unknown) =>
      this.options.log?.warn({ err: error }, 'the end of the audit chain could not be sealed'),
    )
    await this.#running
  }

  #queued(placing: Placing): Promise<'written' | 'exists'> {
    return new Promise((resolve, reject) => {
      const settle: Waiting['settle'] = (outcome, cause) => {
        if (outcome === 'written' || outcome === 'exists') resolve(outcome)
        else reject(unavailable(cause ?? new Error(`the database answered ${outcome}`)))
      }
      this.#queue.push({ placing, settle })
      this.#running ??= this.#run()
    })
  }

  async #run(): Promise<void> {
    // What is asked in the same moment goes together.
    await Promise.resolve()
    // What is void is said at once; but not again and again to a database that is away.
    while (this.#queue.size > 0 || (this.#voided.length > 0 && this.#end !== undefined)) await this.#sendNext()
    this.#running = undefined
  }

  async #sendNext(): Promise<void> {
    const isNew = this.#end === undefined
    const end = this.#end ?? { id: ulid(), number: 0 }
    const batch = this.#queue.take()
    const own = [
      ...(isNew ? [chainWords.start(this.#now(), this.#gateway, this.#head)] : []),
      ...(this.#voided.length > 0 ? [chainWords.void(this.#now(), [...this.#voided])] : []),
    ]
    const entries = placed(end, [...own, ...batch.map(({ placing }) => placing)])
    let outcomes: readonly WriteOutcome[]
    let cause: unknown
    try {
      outcomes = await this.database.write(entries)
    } catch (error) {
      cause = error
      outcomes = entries.map(() => 'unknown')
    }
    this.#advance(end, entries, outcomes, own.length)
    if (isNew && this.#end) this.options.onBegin?.()
    for (const [index, { settle }] of batch.entries()) settle(outcomes[own.length + index] ?? 'unknown', cause)
  }

  #advance(end: ChainEnd, entries: readonly PlacedEntry[], outcomes: readonly WriteOutcome[], own: number): void {
    const lacking = entries.filter((_, index) => outcomes[index] !== 'written').map(({ chain }) => chain)
    const head = entries.filter((_, index) => outcomes[index] === 'written').at(-1)?.chain
    const isClear = entries.every((_, index) => {
      const outcome = outcomes[index]
      // The chain's own entries have ids that nobody else has: if they are not written, something is wrong.
      return outcome === 'written' || (index >= own && (outcome === 'exists' || outcome === 'refused'))
    })
    if (head) {
      const missing = isClear ? [] : lacking.map(({ number }) => number).filter((number) => number < head.number)
      const { number, hash } = head
      this.#head = { chain: end.id, number, hash, ...(missing.length > 0 && { missing }) }
    }
    const last = entries.at(-1)?.chain
    this.#end = isClear && last ? { id: end.id, number: last.number, hash: last.hash } : undefined
    if (isClear) this.#voided = lacking.map(({ id, number, hash }) => ({ chain: id, number, hash }))
  }

  #now(): Date {
    return this.options.now?.() ?? new Date()
  }
}

function unavailable(cause: unknown): CodedError {
  if (cause instanceof CodedError) return cause
  return new CodedError('DATABASE_UNAVAILABLE', 'The audit can not be written, so nothing is done; try again.', {
    cause,
  })
}
