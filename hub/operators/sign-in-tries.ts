import { CodedError } from '../../protocol/error-codes'
import type { TriesDocument } from '../../schemas/generated/types'
import { isTriesDocument } from '../../schemas/generated/validators'
import { changeDocument, type Database, endOf, stored } from '../nodes/database'
import { counted, FREE_TRIES, forgiven, isKnown, isStale, lockedUntilMs, type Tries, uncounted } from './tries'

/** Who tries; `first` is the account that nobody at another address may hold up. */
export interface Trier {
  readonly name: string
  readonly address: string
  readonly isFirst: boolean
}

/** A try that was counted, and is now made. */
export interface CountedTry {
  /** It was the one with which a wait begins, if it is wrong. */
  readonly locksUntil: Date | undefined
  /** When the name last signed in from here. */
  readonly rightAt: Date | undefined
  right(): Promise<void>
}

/** A place where tries are counted. */
interface Place {
  readonly id: string
  readonly free: number
}

/** A gateway looks at a 256th of what is kept at most so often. */
const SWEEP_EVERY_MS = 1_000

/**
 * Wrong tries, kept as `tries:<name>`, `tries:<name>:<address>` and `tries:<address>` in `node_security`, all as keyed
 * hashes, so that every gateway counts on (law 9) and nobody reads there what somebody typed for a name.
 *
 * From an address from which a name has signed in before it is held by nothing but its own tries there. So nobody who
 * guesses elsewhere, or at other names, keeps a person out.
 */
export class SignInTries {
  #sweptAtMs = Number.NEGATIVE_INFINITY

  constructor(
    private readonly database: Database,
    private readonly keyed: (text: string) => string,
    private readonly now: () => Date,
    private readonly onError: (error: unknown) => void,
    private readonly random: () => number = Math.random,
  ) {}

  /** Counts the try, or throws LOCKED. */
  async begin(who: Trier): Promise<CountedTry> {
    const nowMs = this.now().getTime()
    const here = await this.#read(this.#pairId(who))
    const known = isKnown(here, nowMs)
    const [pair, ...shared] = this.#places(who, known)
    const before = await Promise.all(shared.map(({ id }) => this.#read(id)))
    refuseLocked([here, ...before], nowMs)
    // Nobody waits for it.
    this.#sweep(nowMs).catch(this.onError)
    const written = [await this.#count(pair, nowMs)]
    for (const place of shared) written.push(await this.#count(place, nowMs))
    const until = Math.max(...written.map((tries) => lockedUntilMs(tries, nowMs) ?? 0))
    return {
      locksUntil: until > 0 ? new Date(until) : undefined,
      rightAt: here?.rightAt === undefined ? undefined : new Date(here.rightAt),
      right: async () => {
        await this.#change(pair.id, () => forgiven(this.now().getTime()))
        for (const { id, free } of shared) await this.#change(id, (tries) => tries && uncounted(tries, free))
      },
    }
  }

  /** Until when somebody who has this name waits somewhere. */
  async lockedUntil(name: string): Promise<Date | undefined> {
    const nowMs = this.now().getTime()
    const found = await this.#ofName(name)
    const until = Math.max(0, ...found.map((tries) => lockedUntilMs(tries, nowMs) ?? 0))
    return until > 0 ? new Date(until) : undefined
  }

  /** Forgets all tries at a name; where it signed in from stays known. */
  async unlock(name: string): Promise<void> {
    for (const { _id } of await this.#ofName(name)) {
      await this.#change(_id, (tries) => tries && { ...withoutLock(tries), failures: 0 })
    }
  }

  #places(who: Trier, known: boolean): [Place, ...Place[]] {
    const id = this.#pairId(who)
    if (who.isFirst) return [{ id, free: FREE_TRIES.first }]
    if (known) return [{ id, free: FREE_TRIES.known }]
    return [
      { id, free: FREE_TRIES.strange },
      { id: `tries:${this.#key('address', who.address)}`, free: FREE_TRIES.address },
      { id: `tries:${this.#key('name', who.name)}`, free: FREE_TRIES.name },
    ]
  }

  #pairId({ name, address }: Trier): string {
    return `tries:${this.#key('name', name)}:${this.#key('address', address)}`
  }

  /** 128 bits of a keyed hash: what somebody took for a name may be a password. */
  #key(kind: 'name' | 'address', text: string): string {
    return this.keyed(`tries ${kind} ${text}`).slice(0, 32)
  }

  async #ofName(name: string): Promise<TriesDocument[]> {
    const prefix = `tries:${this.#key('name', name)}`
    return (await this.database.range(prefix, endOf(prefix))).map(asTries)
  }

  /** Removes some of what counts no more, as much as is added in the long run. */
  async #sweep(nowMs: number): Promise<void> {
    if (nowMs - this.#sweptAtMs < SWEEP_EVERY_MS) return
    this.#sweptAtMs = nowMs
    const slice = Math.floor(this.random() * 256).toString(16)
    const prefix = `tries:${slice.padStart(2, '0')}`
    for (const found of (await this.database.range(prefix, endOf(prefix))).map(asTries)) {
      if (isStale(found, nowMs) && found._rev !== undefined) await this.database.remove(found._id, found._rev)
    }
  }

  async #read(id: string): Promise<TriesDocument | undefined> {
    const found = await this.database.get(id)
    return found === undefined ? undefined : asTries(found)
  }

  #count({ id, free }: Place, nowMs: number): Promise<Tries | undefined> {
    return this.#change(id, (tries) => {
      // Another gateway, or another request here, may have counted meanwhile.
      refuseLocked([tries], nowMs)
      return counted(tries, free, nowMs)
    })
  }

  #change(id: string, change: (tries: Tries | undefined) => Tries | undefined): Promise<TriesDocument | undefined> {
    return changeDocument<TriesDocument, TriesDocument | undefined>(this.database, id, asTries, (now) => {
      const next = change(now)
      return next && { ...next, _id: id, kind: 'tries', ...(now?._rev !== undefined && { _rev: now._rev }) }
    })
  }
}

function refuseLocked(tries: readonly (Tries | undefined)[], nowMs: number): void {
  const until = Math.max(...tries.map((one) => lockedUntilMs(one, nowMs) ?? 0))
  if (until === 0) return
  const seconds = Math.ceil((until - nowMs) / 1000)
  throw new CodedError('LOCKED', `Too many wrong tries; the next one counts in ${seconds} s.`, {
    headers: { 'Retry-After': String(seconds) },
  })
}

function withoutLock({ lockedUntil: _over, ...tries }: Tries): Tries {
  return tries
}

function asTries(document: unknown): TriesDocument {
  return stored(isTriesDocument, document, 'tries')
}
