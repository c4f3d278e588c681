import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { promisify } from 'node:util'
import type { Secret } from '../../../runtime/settings'
import { isObject, Refusal } from './answer'

export interface Caller {
  /** Null: nobody. */
  readonly name: string | null
  readonly roles: readonly string[]
}

export const NOBODY: Caller = { name: null, roles: [] }

/** CouchDB's default (chttpd_auth/timeout). */
const SESSION_SECONDS = 600
const ITERATIONS = 10_000
const derive = promisify(pbkdf2)

/**
 * Who asks: the admin, whose password is never stored, or a user of `_users`, by Basic or by a session cookie.
 * express-pouchdb's own accounts are not used: they let anybody in while no admin is set, compare in variable time, and
 * make each user an admin for requests to his own user document, which holds his roles.
 */
export class Accounts {
  readonly #sessionKey = randomBytes(32)

  constructor(
    private readonly admin: { readonly username: string; readonly password: Secret },
    private readonly userOf: (name: string) => Promise<unknown>,
    private readonly now: () => number,
  ) {}

  async callerOf(headers: IncomingHttpHeaders): Promise<Caller> {
    const basic = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? '')?.[1]
    if (basic !== undefined) {
      const [, name = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(basic, 'base64').toString('utf8')) ?? []
      return this.#checked(name, password)
    }
    const cookie = /(?:^|;\s*)AuthSession=([^;]*)/.exec(headers.cookie ?? '')?.[1]
    return cookie ? this.#fromCookie(cookie) : NOBODY
  }

  async logIn(name: string, password: string): Promise<{ caller: Caller; cookie: string }> {
    const caller = await this.#checked(name, password)
    const seconds = Math.floor(this.now() / 1000).toString(16)
    const signature = this.#sign(name, seconds, await this.#saltOf(name))
    const session = Buffer.concat([Buffer.from(`${name}:${seconds}:`), signature]).toString('base64url')
    return { caller, cookie: `AuthSession=${session}; Version=1; Path=/; HttpOnly; SameSite=Strict` }
  }

  async #checked(name: string, password: string): Promise<Caller> {
    if (name === this.admin.username && isSame(digest(password), digest(this.admin.password.reveal()))) {
      return this.#admin()
    }
    const user = await this.#userOf(name)
    const { salt, derived_key, iterations } = user ?? {}
    // A name that nobody has takes as long as a wrong password.
    const derived = await derive(
      password,
      typeof salt === 'string' ? salt : 'salt',
      typeof iterations === 'number' ? iterations : ITERATIONS,
      32,
      'sha256',
    )
    if (user && typeof derived_key === 'string' && isSame(derived, Buffer.from(derived_key, 'hex'))) {
      return { name, roles: rolesOf(user) }
    }
    throw new Refusal(401, 'unauthorized', 'Name or password is incorrect.')
  }

  async #fromCookie(cookie: string): Promise<Caller> {
    const bytes = Buffer.from(cookie, 'base64url')
    const [, name, seconds] = /^([^:]+):([0-9a-f]{1,12}):/.exec(bytes.toString('utf8')) ?? []
    if (name === undefined || seconds === undefined || bytes.length < 33) {
      throw new Refusal(400, 'bad_request', 'Malformed AuthSession cookie. Please clear your cookies.')
    }
    const user = name === this.admin.username ? undefined : await this.#userOf(name)
    const expected = this.#sign(name, seconds, await this.#saltOf(name))
    const age = Math.floor(this.now() / 1000) - Number.parseInt(seconds, 16)
    if (!isSame(bytes.subarray(bytes.length - expected.length), expected) || age >= SESSION_SECONDS) return NOBODY
    if (name === this.admin.username) return this.#admin()
    return user ? { name, roles: rolesOf(user) } : NOBODY
  }

  #admin(): Caller {
    return { name: this.admin.username, roles: ['_admin'] }
  }

  #sign(name: string, seconds: string, salt: string): Buffer {
    return createHmac('sha256', this.#sessionKey).update(`${name}:${seconds}:${salt}`).digest()
  }

  /** A new password has a new salt: with it the sessions of the old one end. */
  async #saltOf(name: string): Promise<string> {
    const salt = (await this.#userOf(name))?.['salt']
    return typeof salt === 'string' ? salt : ''
  }

  async #userOf(name: string): Promise<Record<string, unknown> | undefined> {
    const user = await this.userOf(name)
    return isObject(user) ? user : undefined
  }
}

/** What is stored of a user document: a `password` is replaced by what it can be checked against. */
export async function withHashedPassword(doc: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { password, ...rest } = doc
  if (typeof password !== 'string') return doc
  const salt = randomBytes(16).toString('hex')
  const derived = await derive(password, salt, ITERATIONS, 32, 'sha256')
  return {
    ...rest,
    password_scheme: 'pbkdf2',
    pbkdf2_prf: 'sha256',
    iterations: ITERATIONS,
    salt,
    derived_key: derived.toString('hex'),
  }
}

function rolesOf(user: Record<string, unknown>): string[] {
  const roles = Array.isArray(user['roles']) ? user['roles'] : []
  // Roles that begin with an underscore are the server's own.
  return roles.filter((role): role is string => typeof role === 'string' && !role.startsWith('_'))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
