import { hostname } from 'node:os'
import { ulid } from 'ulid'
import { CodedError } from '../../protocol/error-codes'
import type { Log } from '../../runtime/log'
import type { Stoppable } from '../../runtime/service'
import { packageVersion } from '../../runtime/settings'
import type { AuditEntry, AuditHead } from '../../schemas/generated/types'
import type { AuditDatabase, WriteOutcome } from './audit-database'
import { type ChainEnd, type ChainWord, type PlacedEntry, type Placing, placed } from './chain-place'

/** As many entries go to the database at once; CouchDB takes far more, and a batch that fails fails whole. */
const MOST_IN_BATCH = 200
/** Callers that wait beyond this are told to come again: what waits is memory. */
const MOST_WAITING = 5_000

interface Waiting {
  readonly placing: Placing
  readonly settle: (outcome: WriteOutcome, cause?: unknown) => void
}

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
  #queue: Waiting[] = []
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
    if (this.#queue.length >= MOST_WAITING) {
      throw new CodedError('OVERLOADED', 'Too much waits for the audit; try again.')
    }
    return this.#queued({ entry })
  }

  /** Names what this gateway has seen of other chains. Nothing is written where this process has no chain. */
  async witness(heads: readonly AuditHead[]): Promise<void> {
    if (this.#stopping || this.#end === undefined) return
    await this.#queued({ entry: this.#bookkeeping('witness'), word: { heads: [...heads] } })
  }

  /** What waits is written, and after it that the chain ends here. */
  stop(): Promise<void> {
    this.#stopping ??= this.#seal()
    return this.#stopping
  }

  async #seal(): Promise<void> {
    await this.#running
    if (this.#end === undefined) return
    await this.#queued({ entry: this.#bookkeeping('seal') }).catch((error: unknown) =>
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
    while (this.#queue.length > 0 || this.#voided.length > 0) await this.#sendNext()
    this.#running = undefined
  }

  async #sendNext(): Promise<void> {
    const isNew = this.#end === undefined
    const end = this.#end ?? { id: ulid(), number: 0 }
    const { batch, twins } = this.#take()
    const own = [...(isNew ? [this.#start()] : []), ...(this.#voided.length > 0 ? [this.#void()] : [])]
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
    for (const [index, waiting] of batch.entries()) {
      const outcome = outcomes[own.length + index] ?? 'unknown'
      waiting.settle(outcome, cause)
      for (const twin of twins.get(waiting.placing.entry._id) ?? [])
        twin.settle(outcome === 'written' ? 'exists' : outcome, cause)
    }
  }

  /** What comes next. Of several with one id the first is sent, and tells what becomes of the others. */
  #take(): { batch: Waiting[]; twins: Map<string, Waiting[]> } {
    const taken = this.#queue.slice(0, MOST_IN_BATCH)
    this.#queue = this.#queue.slice(MOST_IN_BATCH)
    const batch: Waiting[] = []
    const twins = new Map<string, Waiting[]>()
    for (const waiting of taken) {
      const { _id } = waiting.placing.entry
      const known = twins.get(_id)
      if (known) known.push(waiting)
      else {
        batch.push(waiting)
        twins.set(_id, [])
      }
    }
    return { batch, twins }
  }

  #advance(end: ChainEnd, entries: readonly PlacedEntry[], outcomes: readonly WriteOutcome[], own: number): void {
    const isClear = entries.every((_, index) => {
      const outcome = outcomes[index]
      // The chain's own entries have ids that nobody else has: if they are not written, something is wrong.
      return outcome === 'written' || (index >= own && (outcome === 'exists' || outcome === 'refused'))
    })
    if (!isClear) {
      this.#end = undefined
      return
    }
    const last = entries.at(-1)
    if (last) this.#end = { id: end.id, number: last.chain.number, hash: last.chain.hash }
    this.#voided = entries.flatMap(({ chain }, index) =>
      outcomes[index] === 'written' ? [] : [{ chain: chain.id, number: chain.number, hash: chain.hash }],
    )
    const written = entries.filter((_, index) => outcomes[index] === 'written').at(-1)
    if (written) this.#head = { chain: end.id, number: written.chain.number, hash: written.chain.hash }
  }

  #start(): Placing {
    return {
      entry: this.#bookkeeping('start'),
      word: { gateway: this.#gateway, ...(this.#head && { heads: [this.#head] }) },
    }
  }

  #void(): Placing {
    return { entry: this.#bookkeeping('void'), word: { voided: [...this.#voided] } }
  }

  #bookkeeping(action: string): AuditEntry {
    const at = this.options.now?.() ?? new Date()
    return { _id: `chain:${ulid(at.getTime())}`, kind: 'chain', at: at.toISOString(), outcome: 'allowed', action }
  }
}

function unavailable(cause: unknown): CodedError {
  if (cause instanceof CodedError) return cause
  return new CodedError('DATABASE_UNAVAILABLE', 'The audit can not be written, so nothing is done; try again.', {
    cause,
  })
}
