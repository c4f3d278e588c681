import { hashOfSecret } from '../../runtime/same-secret'
import type { SessionDocument } from '../../schemas/generated/types'
import { isSessionDocument } from '../../schemas/generated/validators'
import { changeDocument, type Database, endOf, stored } from '../nodes/database'
import type { Account } from './accounts'
import { newSessionToken } from './session-cookie'

export interface SessionTimes {
  /** Without a request. */
  readonly idleMs: number
  /** From signing in on, whatever happens. */
  readonly absoluteMs: number
}

/** So often a session's last use is written at most; its idle time can end so much earlier. */
export const NOTED_EVERY_MS = 60_000
/** Of one account at a time; the one that was not used for longest makes room. */
export const MOST_SESSIONS = 20

/** When a session ends by itself if it is not used again. */
export function idleUntil({ lastUsedAt, endsAt }: SessionDocument, { idleMs }: SessionTimes): Date {
  return new Date(Math.min(Date.parse(lastUsedAt) + idleMs, Date.parse(endsAt)))
}

export function hasEnded(session: SessionDocument, times: SessionTimes, now: Date): boolean {
  return now >= idleUntil(session, times)
}

/**
 * Sessions of operators, `session:<SHA-256 of the token>` in `node_security`: read anew for every request, so that one that
 * ended has ended at every gateway (law 9).
 */
export class Sessions {
  constructor(
    private readonly database: Database,
    private readonly times: SessionTimes,
    private readonly now: () => Date,
  ) {}

  /** Always a new token, whatever the browser had before. */
  async begin({ name, stamp }: Account): Promise<{ token: string; session: SessionDocument }> {
    await this.#makeRoom(name)
    const token = newSessionToken()
    const now = this.now()
    const session: SessionDocument = {
      _id: idOf(token),
      kind: 'session',
      name,
      stamp,
      createdAt: now.toISOString(),
      lastUsedAt: now.toISOString(),
      endsAt: new Date(now.getTime() + this.times.absoluteMs).toISOString(),
    }
    if ((await this.database.put(session)) !== 'written') throw new Error('a new session token was used before')
    return { token, session }
  }

  /** Undefined where there is none, or it has ended. */
  async of(token: string): Promise<SessionDocument | undefined> {
    const found = await this.database.get(idOf(token))
    const session = found === undefined ? undefined : asSession(found)
    return session && !hasEnded(session, this.times, this.now()) ? session : undefined
  }

  /** The session as it is once this use is noted. */
  async used(session: SessionDocument): Promise<SessionDocument> {
    const now = this.now()
    if (now.getTime() - Date.parse(session.lastUsedAt) < NOTED_EVERY_MS) return session
    const lastUsedAt = now.toISOString()
    const noted = await changeDocument<SessionDocument, SessionDocument | undefined>(
      this.database,
      session._id,
      asSession,
      // One that was signed out meanwhile is not made again.
      (current) => (current && current.lastUsedAt < lastUsedAt ? { ...current, lastUsedAt } : current),
    )
    return noted ?? session
  }

  async end(session: SessionDocument): Promise<void> {
    for (;;) {
      const found = await this.database.get(session._id)
      if (found === undefined) return
      const { _id, _rev = '' } = asSession(found)
      if ((await this.database.remove(_id, _rev)) === 'written') return
    }
  }

  /** Their stamp is none any more, so they have ended; this takes them away. */
  async endAllOf(name: string): Promise<void> {
    for (const session of await this.#all()) if (session.name === name) await this.end(session)
  }

  /** The ended ones of everybody go, and of this account the oldest beyond the bound. */
  async #makeRoom(name: string): Promise<void> {
    const now = this.now()
    const all = await this.#all()
    const ended = all.filter((session) => hasEnded(session, this.times, now))
    const own = all
      .filter((session) => session.name === name && !ended.includes(session))
      .sort((a, b) => (a.lastUsedAt < b.lastUsedAt ? 1 : -1))
    for (const session of [...ended, ...own.slice(MOST_SESSIONS - 1)]) await this.end(session)
  }

  async #all(): Promise<SessionDocument[]> {
    return (await this.database.range('session:', endOf('session:'))).map(asSession)
  }
}

function idOf(token: string): string {
  return `session:${hashOfSecret(token)}`
}

function asSession(document: unknown): SessionDocument {
  return stored(isSessionDocument, document, 'session')
}
