import { CodedError } from '../../protocol/error-codes'
import type { PasswordHasher } from '../../runtime/password-hasher'
import { counted, forgiven, isKnown, isStale, lockedUntilMs, type Tries, uncounted } from '../../runtime/tries'
import type { KeptPerson } from '../../schemas/generated/types'
import type { People } from './people'

/** So many wrong ones wait for nothing; from then on each wait is twice as long, up to a quarter of an hour. */
export const FREE_TRIES = {
  /** A name from an address from which it never signed in. */
  strange: 5,
  /** … from which it has. */
  known: 10,
  /** All names from one address. */
  address: 60,
  /** A name from all addresses from which it never signed in. */
  name: 30,
} as const
/** Places that are remembered; made-up names don't fill the memory. */
const MOST_PLACES = 5_000

/**
 * Passwords of people, and how often they were wrong. Counted before it is looked at; whatever is wrong, and whether there is
 * such a name, the answer and the time that it takes are the same. The count is in memory: a restart forgives, and nobody who
 * guesses can restart an edge.
 */
export class SignIn {
  readonly #tries = new Map<string, Tries>()

  constructor(
    private readonly people: People,
    private readonly hasher: PasswordHasher,
    private readonly now: () => Date,
  ) {}

  /** Throws UNAUTHENTICATED, LOCKED, OVERLOADED. */
  async check(name: string, password: string, address: string): Promise<KeptPerson> {
    const nowMs = this.now().getTime()
    const places = this.#places(name, address, nowMs)
    const until = Math.max(...places.map(({ id }) => lockedUntilMs(this.#tries.get(id), nowMs) ?? 0))
    if (until > 0) throw locked(until - nowMs)
    for (const { id, free } of places) this.#set(id, counted(this.#tries.get(id), free, nowMs))
    const person = this.people.of(name)
    const isRight = await this.hasher.isRight(password, person?.password)
    if (!person || !isRight || person.isDisabled)
      throw new CodedError('UNAUTHENTICATED', 'The name or the password is wrong.', { headers: NO_PROMPT })
    for (const { id, free } of places) {
      const tries = this.#tries.get(id)
      this.#set(id, id === pairOf(name, address) ? forgiven(nowMs) : uncounted(tries ?? forgiven(nowMs), free))
    }
    return person
  }

  /** Until when somebody of this name waits somewhere. */
  lockedUntil(name: string): Date | undefined {
    const nowMs = this.now().getTime()
    const mine = [...this.#tries].filter(([id]) => id === nameOf(name) || id.startsWith(pairOf(name, '')))
    const until = Math.max(0, ...mine.map(([, tries]) => lockedUntilMs(tries, nowMs) ?? 0))
    return until > 0 ? new Date(until) : undefined
  }

  /** A new password was set by somebody who may. */
  unlock(name: string): void {
    for (const id of [...this.#tries.keys()])
      if (id === nameOf(name) || id.startsWith(pairOf(name, ''))) this.#tries.delete(id)
  }

  #places(name: string, address: string, nowMs: number): { id: string; free: number }[] {
    const pair = pairOf(name, address)
    if (isKnown(this.#tries.get(pair), nowMs)) return [{ id: pair, free: FREE_TRIES.known }]
    return [
      { id: pair, free: FREE_TRIES.strange },
      { id: `address ${address}`, free: FREE_TRIES.address },
      { id: nameOf(name), free: FREE_TRIES.name },
    ]
  }

  #set(id: string, tries: Tries): void {
    if (this.#tries.size >= MOST_PLACES && !this.#tries.has(id)) {
      const nowMs = this.now().getTime()
      for (const [key, one] of this.#tries) if (isStale(one, nowMs)) this.#tries.delete(key)
      const [oldest = ''] = this.#tries.keys()
      if (this.#tries.size >= MOST_PLACES) this.#tries.delete(oldest)
    }
    this.#tries.set(id, tries)
  }
}

/** Without it a browser would ask for a password in a window of its own. */
export const NO_PROMPT = { 'WWW-Authenticate': 'Bearer realm="lontar"' } as const

function pairOf(name: string, address: string): string {
  return `pair ${name} ${address}`
}

function nameOf(name: string): string {
  return `name ${name}`
}

function locked(ms: number): CodedError {
  const seconds = Math.ceil(ms / 1000)
  return new CodedError('LOCKED', `Too many wrong tries; the next one counts in ${seconds} s.`, {
    headers: { ...NO_PROMPT, 'Retry-After': String(seconds) },
  })
}
