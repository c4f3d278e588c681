import { createHmac, randomBytes } from 'node:crypto'
import { Pool } from 'undici'
import { CodedError } from '../../protocol/error-codes'
import type { Stoppable } from '../../runtime/service'

export interface CouchAnswer {
  readonly status: number
  /** Parsed JSON. */
  readonly body: unknown
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/**
 * One request as a CouchDB user. `path` is below the server's address and encoded, such as `/ehr/_bulk_docs`. A body that
 * is text or bytes goes as it is, anything else as JSON. Throws DATABASE_UNAVAILABLE where CouchDB does not answer or
 * answers 5xx; any other status is given back.
 */
export type AskAsUser = (
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
) => Promise<CouchAnswer>

interface Session {
  cookie: string
  readonly openedAt: number
}

/** Below CouchDB's default session of 600 s; a shorter one costs a renewal and nothing else. */
const LIFETIME_MS = 8 * 60_000
/**
 * A password that CouchDB did not take is not shown to it again so soon: one that was just replaced may be tried by every push
 * that is under way, and after five wrong ones CouchDB locks the account, for the right one too ([chttpd_auth_lockout]).
 */
const REFUSED_MS = 10_000
/** As many nodes as one gateway talks to; the oldest session is forgotten, and opened again when it is needed. */
const MOST_SESSIONS = 2_000
const SILENCE_MS = 60_000
const CONNECTIONS = 64

/**
 * Talks to CouchDB as the nodes themselves, so that its own rules hold for them. A password costs CouchDB a hash that is
 * slow on purpose, so it is shown once: what follows carries the session's cookie.
 */
export class NodeSessions implements Stoppable {
  readonly #pool: Pool
  readonly #basePath: string
  /** So that the keys of the cache tell nothing about passwords, not even to whoever reads this process' memory later. */
  readonly #cacheKey = randomBytes(32)
  readonly #sessions = new Map<string, Promise<Session | undefined>>()
  readonly #refusedAt = new Map<string, number>()

  constructor(
    couchUrl: string,
    private readonly now: () => number = Date.now,
  ) {
    const url = new URL(couchUrl)
    this.#basePath = url.pathname.replace(/\/+$/, '')
    this.#pool = new Pool(url.origin, {
      connections: CONNECTIONS,
      headersTimeout: SILENCE_MS,
      bodyTimeout: SILENCE_MS,
      keepAliveTimeout: 10_000,
      connect: { timeout: 5_000 },
    })
  }

  /** Undefined where CouchDB does not know the name with this password. */
  async asUser(name: string, password: string): Promise<AskAsUser | undefined> {
    const key = this.#keyOf(name, password)
    if (!(await this.#session(key, name, password))) return undefined
    return async (method, path, body) => {
      const session = await this.#session(key, name, password)
      if (!session) return UNAUTHENTICATED
      const answer = await this.#send(method, path, body, session.cookie)
      if (answer.status !== 401) return answer
      // The session ended sooner than ours, or the account was changed: the password decides.
      if ((await this.#sessions.get(key)) === session) this.#sessions.delete(key)
      const renewed = await this.#session(key, name, password)
      return renewed ? this.#send(method, path, body, renewed.cookie) : UNAUTHENTICATED
    }
  }

  /** Ends a session here, whatever CouchDB would still accept. */
  forget(name: string, password: string): void {
    this.#sessions.delete(this.#keyOf(name, password))
  }

  /** For whoever knows that the password is right by now. */
  forgetRefusal(name: string, password: string): void {
    this.#refusedAt.delete(this.#keyOf(name, password))
  }

  #keyOf(name: string, password: string): string {
    return createHmac('sha256', this.#cacheKey).update(`${name}\0${password}`).digest('base64')
  }

  async stop(): Promise<void> {
    this.#sessions.clear()
    await this.#pool.destroy()
  }

  /** Requests that come together wait for one login. */
  async #session(key: string, name: string, password: string): Promise<Session | undefined> {
    const known = this.#sessions.get(key)
    const session = await known
    if (session && this.now() - session.openedAt < LIFETIME_MS) return session
    // Meanwhile another request may have begun to open a new one.
    const current = this.#sessions.get(key)
    if (current && current !== known) return current
    if (this.now() - (this.#refusedAt.get(key) ?? Number.NEGATIVE_INFINITY) < REFUSED_MS) return undefined
    const opened = this.#open(name, password)
    this.#remember(key, opened)
    return opened
  }

  #remember(key: string, opened: Promise<Session | undefined>): void {
    this.#sessions.delete(key)
    this.#sessions.set(key, opened)
    const [oldest] = this.#sessions.keys()
    if (this.#sessions.size > MOST_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest)
    const forget = () => {
      if (this.#sessions.get(key) === opened) this.#sessions.delete(key)
    }
    opened.then((session) => {
      if (session) return
      forget()
      if (this.#refusedAt.size >= MOST_SESSIONS) this.#refusedAt.clear()
      this.#refusedAt.set(key, this.now())
    }, forget)
  }

  async #open(name: string, password: string): Promise<Session | undefined> {
    const openedAt = this.now()
    const answer = await this.#send('POST', '/_session', { name, password })
    if (answer.status === 401) return undefined
    // CouchDB locks a name for minutes after a few wrong passwords, and then refuses the right one too, with 403
    // ([chttpd_auth_lockout]): that says nothing about this password.
    const cookies = [answer.headers['set-cookie'] ?? []].flat()
    const cookie = cookies.map((text) => /^AuthSession=[^;]+/.exec(text)?.[0]).find((found) => found !== undefined)
    if (cookie === undefined) throw unavailable(new Error(`it answered ${answer.status} to a login`))
    return { cookie, openedAt }
  }

  async #send(method: string, path: string, body: unknown, cookie?: string): Promise<CouchAnswer> {
    const payload =
      body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
    let answer: CouchAnswer
    try {
      const {
        statusCode,
        headers,
        body: stream,
      } = await this.#pool.request({
        method,
        path: `${this.#basePath}${path}`,
        headers: { accept: 'application/json', 'content-type': 'application/json', ...(cookie && { cookie }) },
        ...(payload !== undefined && { body: payload }),
      })
      answer = { status: statusCode, headers, body: await stream.json() }
    } catch (cause) {
      throw unavailable(cause)
    }
    if (answer.status >= 500) throw unavailable(new Error(`it answered ${answer.status} to ${method}`))
    return answer
  }
}

const UNAUTHENTICATED: CouchAnswer = {
  status: 401,
  body: { error: 'unauthorized', reason: 'Name or password is incorrect.' },
  headers: {},
}

function unavailable(cause: unknown): CodedError {
  return new CodedError('DATABASE_UNAVAILABLE', 'The database does not answer; try again.', { cause })
}
