import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Log } from '../../../runtime/log'
import type { Accounts, Caller } from './accounts'
import { answer, Refusal, refuse } from './answer'
import { authorize } from './authorize'
import { readForm, readObject } from './body'
import type { Databases, Security } from './databases'
import { checkDocuments } from './documents'
import { cleanQuery } from './query'
import { type Route, routeOf } from './routes'

/** What express-pouchdb reads from a request that was looked through here. */
type Passed = IncomingMessage & {
  body?: unknown
  _body?: boolean
  couchSession?: { userCtx: { name: string | null; roles: string[] } }
  couchSecurityObj?: Security
}

/**
 * The door of the embedded store. Each request is checked in the same order: is there such an address, who asks, may he,
 * is the request of a form that express-pouchdb survives. Then it is answered here, or handed on.
 */
export function createFront(parts: {
  accounts: Accounts
  databases: Databases
  express: (request: IncomingMessage, response: ServerResponse) => void
  forgetValidators: (database: string) => void
  log: Log
  uuid: string
}): (request: IncomingMessage, response: ServerResponse) => void {
  const { accounts, databases, express, forgetValidators, log, uuid } = parts
  return (request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (error instanceof Refusal) return refuse(response, error)
      log.error({ err: error }, 'a request to the embedded store failed')
      return refuse(response, new Refusal(500, 'unknown_error', 'The store failed; its log says why.'))
    })
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://store')
    const route = routeOf(request.method ?? 'GET', pathname)
    const caller = await accounts.callerOf(request.headers)
    const security = await authorize(databases, route, caller)
    switch (route.kind) {
      case 'root':
        return answer(response, 200, { couchdb: 'Welcome', version: '3.5.0', uuid, features: [], vendor: VENDOR })
      case 'up':
        return answer(response, 200, { status: 'ok', seeds: {} })
      case 'session':
        return serveSession(request, response, caller)
      case 'create':
        await databases.create(route.database ?? '')
        return answer(response, 201, { ok: true })
      case 'security':
        return serveSecurity(request, response, route.database ?? '', security)
      case 'fauxton':
      case 'server':
        return express(request, response)
      case 'database':
      case 'document':
        return pass(request, response, route, caller, security, searchParams)
    }
  }

  async function serveSession(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void> {
    if (request.method === 'DELETE') {
      return answer(
        response,
        200,
        { ok: true },
        { 'Set-Cookie': 'AuthSession=; Version=1; Path=/; Max-Age=0; HttpOnly' },
      )
    }
    if (request.method !== 'POST') {
      const info = { authentication_handlers: ['cookie', 'default'], ...(caller.name && { authenticated: 'default' }) }
      return answer(response, 200, { ok: true, userCtx: caller, info })
    }
    const form = await readForm(request)
    const { name, username = name, password } = form
    if (typeof username !== 'string' || typeof password !== 'string') {
      throw new Refusal(400, 'bad_request', 'request body must contain a username and password')
    }
    const session = await accounts.logIn(username, password)
    answer(response, 200, { ok: true, ...session.caller }, { 'Set-Cookie': session.cookie })
  }

  async function serveSecurity(
    request: IncomingMessage,
    response: ServerResponse,
    database: string,
    security: Security | undefined,
  ): Promise<void> {
    if (request.method !== 'PUT') return answer(response, 200, security)
    await databases.setSecurity(database, await readObject(request))
    answer(response, 200, { ok: true })
  }

  async function pass(
    request: Passed,
    response: ServerResponse,
    route: Route,
    caller: Caller,
    security: Security | undefined,
    given: URLSearchParams,
  ): Promise<void> {
    const query = cleanQuery(given)
    const revision = request.headers['if-match']?.replace(/^"|"$/g, '')
    if (revision !== undefined && route.kind === 'document')
      query.set('rev', cleanQuery(new URLSearchParams({ rev: revision })).get('rev') ?? '')
    if (request.method === 'POST' || request.method === 'PUT') {
      if (/^multipart\//i.test(request.headers['content-type'] ?? '')) {
        throw new Refusal(415, 'bad_content_type', 'Multipart bodies are not taken here.')
      }
      const isEmpty =
        route.rest === '_compact' || route.rest === '_view_cleanup' || route.rest === '_ensure_full_commit'
      const body = isEmpty ? {} : await readObject(request)
      checkDocuments(request.method, route, body, query)
      // PouchDB never comes back from a list of nothing.
      if (route.rest === '_bulk_get' && isEmptyList(body['docs'])) return answer(response, 200, { results: [] })
      request.body = body
      // express-pouchdb's parser leaves a request alone that says so.
      request._body = true
    } else {
      checkDocuments(request.method ?? 'GET', route, {}, query)
    }
    const search = query.toString()
    request.url = `${new URL(request.url ?? '/', 'http://store').pathname}${search && `?${search}`}`
    request.couchSession = { userCtx: { name: caller.name, roles: [...caller.roles] } }
    if (security) request.couchSecurityObj = security
    if (request.method !== 'DELETE' || route.rest !== undefined) return express(request, response)
    const { database = '' } = route
    await databases.destroyed(database, () => {
      forgetValidators(database)
      express(request, response)
      return new Promise((resolve) => response.once('close', resolve))
    })
  }
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

const VENDOR = { name: 'Lontar, on PouchDB' }
