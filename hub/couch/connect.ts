import nano from 'nano'
import { Agent } from 'undici'
import { CodedError } from '../../protocol/error-codes'
import type { Log } from '../../runtime/log'
import type { Stoppable } from '../../runtime/service'
import type { CouchAddress } from './address'
import { AdministratorRefusedError, refusalTeller } from './administrator'
import { AnsweredError, type Ask } from './ask'
import { type AskText, textAsker } from './ask-text'
import { CouchDatabase } from './couch-database'
import { refusingNoQuorum } from './quorum'

/** Who may read and write a database (members) and change its design documents (admins). */
export interface Security {
  readonly admins: { readonly names?: readonly string[]; readonly roles?: readonly string[] }
  readonly members: { readonly names?: readonly string[]; readonly roles?: readonly string[] }
}

export interface Couch extends Stoppable {
  /** The address without credentials. */
  readonly url: string
  database(name: string): CouchDatabase
  askText: AskText
  /** `GET /`. */
  welcome(): Promise<{ version: string; features: readonly string[] }>
  /** Whether it was made now; false where it was there already. */
  createDatabase(name: string, options?: { partitioned?: boolean }): Promise<boolean>
  /** False where there was none. */
  destroyDatabase(name: string): Promise<boolean>
  /** Whether it was changed now; false where it was so already. */
  putSecurity(database: string, security: Security): Promise<boolean>
}

/** A request that gets no headers, or no further byte, for so long is given up. */
const SILENCE_MS = 30_000
const CONNECT_MS = 5_000
const CONNECTIONS = 64

/**
 * A connection as the administrator, over kept-alive sockets. CouchDB's own refusals are an `AnsweredError` with the
 * status; a database that does not answer, answers 5xx, or refuses the administrator, is the coded error
 * DATABASE_UNAVAILABLE.
 */
export function connect(
  address: CouchAddress,
  options: { readonly silenceMs?: number; readonly log?: Pick<Log, 'error'> } = {},
): Couch {
  const silenceMs = options.silenceMs ?? SILENCE_MS
  const agent = new Agent({
    connections: CONNECTIONS,
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
    keepAliveTimeout: 10_000,
    connect: { timeout: CONNECT_MS },
  })
  const basic = Buffer.from(`${address.username}:${address.password.reveal()}`).toString('base64')
  const server = nano({
    url: address.url,
    headers: { Authorization: `Basic ${basic}` },
    // nano takes any dispatcher; its types ask for the class itself.
    agentOptions: refusingNoQuorum(agent) as unknown as typeof Agent,
  })

  const tell = refusalTeller(options.log)
  const askAsSent = textAsker(agent, { url: address.url, authorization: `Basic ${basic}` })
  const askText: AskText = async (request) => {
    try {
      return await askAsSent(request)
    } catch (error) {
      // Whatever is asked so may be asked by any administrator; a validator refuses documents, and never the request.
      if (!(error instanceof AnsweredError) || (error.status !== 401 && error.status !== 403)) throw error
      const refused = new AdministratorRefusedError(error)
      tell(refused)
      throw refused
    }
  }
  const ask: Ask = async ({ method = 'GET', path, query, body }) => {
    let answer: unknown
    try {
      answer = await server.request({ method, path, ...(query && { qs: query }), ...(body && { body }) })
    } catch (error) {
      const known = translated(error, method)
      if (!(known instanceof AnsweredError) || !(await isAdministratorRefused(known, method, server))) throw known
      const refused = new AdministratorRefusedError(known)
      tell(refused)
      throw refused
    }
    // nano gives an empty text for an answer that broke off in its body.
    if (answer === '' && method !== 'HEAD') throw unavailable(new Error('the answer is not whole'))
    return answer
  }

  return {
    url: address.url,
    database: (name) => new CouchDatabase(name, ask, askText),
    askText,
    async welcome() {
      const { version, features } = (await ask({ path: '' })) as { version?: string; features?: string[] }
      return { version: version ?? 'unknown', features: features ?? [] }
    },
    async createDatabase(name, { partitioned = false } = {}) {
      const query = partitioned ? { partitioned: true } : {}
      return unlessAnswered(412, ask({ method: 'PUT', path: encodeURIComponent(name), query }))
    },
    async destroyDatabase(name) {
      return unlessAnswered(404, ask({ method: 'DELETE', path: encodeURIComponent(name) }))
    },
    async putSecurity(database, security) {
      const path = `${encodeURIComponent(database)}/_security`
      if (isSame(await ask({ path }), security)) return false
      await ask({ method: 'PUT', path, body: security })
      return true
    },
    stop: () => agent.destroy(),
  }
}

/**
 * A 403 to a write can also be a validator's, which are run for administrators too. Whoever is locked out is refused
 * everywhere, so the address that is open to everybody tells.
 */
async function isAdministratorRefused(
  { status }: AnsweredError,
  method: string,
  server: nano.ServerScope,
): Promise<boolean> {
  if (status !== 403) return status === 401
  if (method === 'GET' || method === 'HEAD') return true
  try {
    await server.request({ path: '' })
    return false
  } catch (error) {
    const again = translated(error, 'GET')
    if (again instanceof AnsweredError) return true
    throw again
  }
}

/** CouchDB leaves empty lists away in what it starts with. */
function isSame(found: unknown, wanted: Security): boolean {
  const listsOf = (security: unknown) =>
    (['admins', 'members'] as const).map((section) => {
      const { names = [], roles = [] } = (security as Partial<Security>)[section] ?? {}
      return [names, roles]
    })
  return JSON.stringify(listsOf(found)) === JSON.stringify(listsOf(wanted))
}

async function unlessAnswered(status: number, asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked
    return true
  } catch (error) {
    if (error instanceof AnsweredError && error.status === status) return false
    throw error
  }
}

/** nano's errors carry the request with its headers, so none of them is kept. */
function translated(error: unknown, method: string): Error {
  const { statusCode, error: code, message } = error as Readonly<Record<string, unknown>>
  if (typeof statusCode === 'number' && statusCode < 500)
    return new AnsweredError(statusCode, String(code ?? 'unknown'))
  const what = typeof statusCode === 'number' ? `it answered ${statusCode} to ${method}` : String(message)
  return unavailable(new Error(what))
}

function unavailable(cause: unknown): CodedError {
  return new CodedError('DATABASE_UNAVAILABLE', 'The database does not answer; try again.', { cause })
}
