import { hashOfSecret } from '../../runtime/same-secret'
import { newSessionToken } from '../../runtime/session-cookie'
import type { KeptPerson } from '../../schemas/generated/types'
import { ON_DISK, type StatePart } from '../store/state'

/** Kept under the SHA-256 of what the browser holds. */
export interface KeptSession {
  readonly name: string
  /** Of the person when it began; with another it has ended. */
  readonly stamp: string
  readonly lastUsedAt: string
  readonly endsAt: string
}

export interface SessionTimes {
  /** Without anybody at the keyboard. */
  readonly idleMs: number
  /** From signing in on, whatever happens. */
  readonly absoluteMs: number
}

/** So often a session's last use is written at most; its idle time can end so much earlier. */
const NOTED_EVERY_MS = 30_000
/** Of one person; the one that was not used for longest makes room. */
export const MOST_SESSIONS = 10

/** Who is signed in. They outlive a restart, so that nobody loses what stands half-typed on a screen. */
export class Sessions {
  private constructor(
    private readonly part: StatePart<KeptSession>,
    private readonly kept: Map<string, KeptSession>,
    private readonly times: SessionTimes,
    private readonly now: () => Date,
  ) {}

  static async open(part: StatePart<KeptSession>, times: SessionTimes, now: () => Date): Promise<Sessions> {
    return new Sessions(part, new Map(await part.iterator().all()), times, now)
  }

  /** Always a new token, whatever the browser had before. */
  async begin({ name, stamp }: KeptPerson): Promise<string> {
    await this.#makeRoom(name)
    const token = newSessionToken()
    const nowMs = this.now().getTime()
    const lastUsedAt = new Date(nowMs).toISOString()
    const endsAt = new Date(nowMs + this.times.absoluteMs).toISOString()
    const session = { name, stamp, lastUsedAt, endsAt }
    await this.part.put(hashOfSecret(token), session, ON_DISK)
    this.kept.set(hashOfSecret(token), session)
    return token
  }

  /** Undefined where there is none, or it has ended. */
  of(token: string): KeptSession | undefined {
    const session = this.kept.get(hashOfSecret(token))
    return session && this.msLeft(session) > 0 ? session : undefined
  }

  msLeft({ lastUsedAt, endsAt }: KeptSession): number {
    return Math.min(Date.parse(lastUsedAt) + this.times.idleMs, Date.parse(endsAt)) - this.now().getTime()
  }

  /** Somebody works with it. */
  async used(token: string): Promise<void> {
    const session = this.of(token)
    const now = this.now()
    if (!session || now.getTime() - Date.parse(session.lastUsedAt) < NOTED_EVERY_MS) return
    const noted = { ...session, lastUsedAt: now.toISOString() }
    this.kept.set(hashOfSecret(token), noted)
    await this.part.put(hashOfSecret(token), noted)
  }

  end(token: string): Promise<void> {
    return this.#forget(hashOfSecret(token))
  }

  async #makeRoom(name: string): Promise<void> {
    const all = [...this.kept]
    const own = all
      .filter(([, session]) => session.name === name && this.msLeft(session) > 0)
      .sort(([, a], [, b]) => (a.lastUsedAt < b.lastUsedAt ? 1 : -1))
    const ended = all.filter(([, session]) => this.msLeft(session) <= 0)
    for (const [key] of [...ended, ...own.slice(MOST_SESSIONS - 1)]) await this.#forget(key)
  }

  async #forget(key: string): Promise<void> {
    this.kept.delete(key)
    await this.part.del(key, ON_DISK)
  }
}

const ABSOLUTE_MS = 12 * 3_600_000
const IDLE_MS = 20 * 60_000

/** A shift, and a break in it. */
export function timesOf({ idleMs = IDLE_MS }: { readonly idleMs?: number }): SessionTimes {
  return { idleMs, absoluteMs: ABSOLUTE_MS }
}
