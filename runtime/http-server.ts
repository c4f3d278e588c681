import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer, Server as TlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import helmet, { type HelmetOptions } from 'helmet'
import { type ConnectionLimits, limitConnections } from './connection-limits'
import { type Log, maskMrns } from './log'
import { PlainError } from './plain-error'
import type { Refusal } from './refusal'
import type { Stoppable } from './service'
import type { TlsFiles } from './tls-files'

/** Turns whatever a handler threw into an answer. The program gives it: error codes are not this folder's business. */
export type Refuse = (error: unknown, request: { path: string; requestId: string }) => Refusal

export interface HttpServer extends Stoppable {
  /** Where it listens, for example `http://127.0.0.1:7070`. */
  readonly url: string
}

/**
 * An Express application with the habits that both programs share. Routes go between `openApp` and `closeApp`.
 *
 * @param machines paths below which only programs ask, over lines where each byte counts: what protects a browser's user is
 *   left out there, but for the one header that keeps data from being taken for a page
 * @param trustProxy so many proxies in front, or those with these addresses, are believed who calls them and how
 *   (X-Forwarded-For, -Proto, -Host); undefined: nobody is
 */
export function openApp(
  log: Log,
  {
    machines = [],
    trustProxy,
  }: { machines?: readonly string[]; trustProxy?: number | readonly string[] | undefined } = {},
): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('case sensitive routing', true)
  app.set('query parser', 'simple')
  app.set('trust proxy', trustProxy ?? false)
  const isForMachines = (path: string) => machines.some((root) => path === root || path.startsWith(`${root}/`))
  const toBrowsers = helmet(HEADERS)
  const toMachines = helmet.xContentTypeOptions()
  app.use((request, response, next) =>
    isForMachines(request.path) ? toMachines(request, response, next) : toBrowsers(request, response, next),
  )
  app.use(requestIds)
  app.use(accessLog(log))
  return app
}

/**
 * For programs that answer with data: no page of theirs loads anything, and none is shown within another. A folder that
 * serves pages says for itself what they may load. Left out is what only browsers look at that nobody has any more.
 */
const HEADERS: HelmetOptions = {
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  referrerPolicy: { policy: 'no-referrer' },
  xFrameOptions: { action: 'deny' },
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
}

/** A caller who reports a failure names it, and the log has the same. Never one that came from outside: it would be in our log. */
const requestIds: RequestHandler = (_request, response, next) => {
  response.setHeader(REQUEST_ID, randomUUID())
  next()
}

const REQUEST_ID = 'X-Request-Id'

function requestIdOf(response: Response): string {
  return String(response.getHeader(REQUEST_ID) ?? '')
}

/** Refuse by default: what no route took is `refuse(notFound)`; what a handler threw is answered by `refuse`. */
export function closeApp(app: Express, log: Log, refuse: Refuse, notFound: () => unknown): void {
  app.use((_request, _response, next) => next(notFound()))
  const onError: ErrorRequestHandler = (error, request, response, _next) => {
    const refusal = refuse(error, { path: request.path, requestId: requestIdOf(response) })
    if (refusal.fault !== undefined) {
      log.error({ err: refusal.fault, faultId: refusal.faultId }, 'a request failed by a fault of ours')
    }
    if (refusal.lack !== undefined) log.warn({ err: refusal.lack }, 'a request failed for want of another program')
    if (response.headersSent) {
      response.destroy()
      return
    }
    // What the route itself has said is better known there.
    for (const [name, value] of Object.entries(refusal.headers ?? {})) {
      if (!response.hasHeader(name)) response.setHeader(name, value)
    }
    response.status(refusal.status)
    response.setHeader('Content-Type', refusal.contentType ?? 'application/json; charset=utf-8')
    response.end(JSON.stringify(refusal.body))
    if (!request.readableEnded) readAway(request)
  }
  app.use(onError)
}

/** What is left of a refused body may arrive within so long. */
const LINGER_MS = 5_000

/**
 * A body that nobody reads would keep the connection from being used again, and closing it at once could keep the answer
 * from being read (RFC 9112, section 9.6). One that goes on and on is cut off.
 */
function readAway(request: Request): void {
  const cutOff = setTimeout(() => request.socket.destroy(), LINGER_MS)
  request.once('close', () => clearTimeout(cutOff))
  request.resume()
}

/** Says which setting helps when the port is taken. */
export class PortTakenError extends PlainError {
  constructor(host: string, port: number, setting: string) {
    super(`Port ${port} on ${host} is taken by another program. Set ${setting} to a free one.`)
  }
}

/**
 * Longer than any client's own idle time: the side that closes an idle connection should be the client. Edges ask every
 * few minutes, and a new connection costs them more than the question.
 */
const KEEP_ALIVE_MS = 7 * 60_000

/**
 * How long a request with its body may take to arrive. Node's own 300 s would cut off whoever sends 4 MiB at 100 kbit/s, each
 * time anew, so that he never gets through.
 *
 * The price: a client that sends a byte now and then holds a connection for so long, at an address that takes bodies from
 * anybody also without credentials. What one body can hold of memory is limited where it is read; how many may be on their
 * way at once is for the gate, or the proxy in front of it, to limit. Headers need no such patience, so slow ones are still
 * cut off (`headersTimeout`).
 */
const REQUEST_MS = 60 * 60_000

/** The request line and all headers together; Node answers 431 beyond it. A signed import has less than 1 KiB. */
const HEADER_BYTES = 16 * 1024
/** Those beyond it are not seen. */
const HEADERS_COUNT = 100

/** 1.0 and 1.1 are no longer to be used (RFC 8996). */
const TLS_RULES = { minVersion: 'TLSv1.2' } as const

export async function listen(
  app: Express | ((...args: Parameters<Express>) => void),
  at: { host: string; port: number; setting: string; tls?: TlsFiles; limits?: ConnectionLimits },
): Promise<HttpServer> {
  const server = at.tls
    ? createTlsServer({ ...at.tls.current, ...TLS_RULES, maxHeaderSize: HEADER_BYTES }, app as Express)
    : createServer({ maxHeaderSize: HEADER_BYTES }, app as Express)
  server.maxHeadersCount = HEADERS_COUNT
  server.keepAliveTimeout = KEEP_ALIVE_MS
  server.headersTimeout = 80_000
  server.requestTimeout = REQUEST_MS
  if (at.limits) limitConnections(server, at.limits)
  await new Promise<void>((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(notListening(error, at))
    server.once('error', fail)
    server.listen(at.port, at.host, () => {
      server.off('error', fail)
      resolve()
    })
  })
  if (server instanceof TlsServer) at.tls?.watch((tls) => server.setSecureContext({ ...tls, ...TLS_RULES }))
  const { port } = server.address() as AddressInfo
  const host = at.host.includes(':') ? `[${at.host}]` : at.host
  return { url: `${at.tls ? 'https' : 'http'}://${host}:${port}`, stop: stopper(server) }
}

function notListening(cause: NodeJS.ErrnoException, at: { host: string; port: number; setting: string }): Error {
  if (cause.code === 'EADDRINUSE') return new PortTakenError(at.host, at.port, at.setting)
  return new PlainError(
    `Nothing can listen on port ${at.port} of ${at.host} (${cause.code}). Set ${at.setting}, or the host that goes with it, to another.`,
    { cause },
  )
}

/** Requests under way get so long to finish. A hub stops two servers one after the other, in less than STOP_MS. */
const FINISH_MS = 4_000

/** Requests under way are finished; connections are closed when they are idle, or become it. */
function stopper(server: Server): () => Promise<void> {
  let stopping: Promise<void> | undefined
  // Node does not count a connection as idle that has asked nothing yet, such as one that a browser opens beforehand.
  const silent = new Set<Socket>()
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    silent.add(socket)
    socket.once('close', () => silent.delete(socket))
  })
  server.on('request', (request, response) => {
    silent.delete(request.socket)
    // A kept-alive connection counts as idle only a moment after its answer.
    response.once('close', () => stopping && setImmediate(() => server.closeIdleConnections()))
  })
  return () => {
    stopping ??= new Promise((resolve) => {
      server.close(() => resolve())
      server.closeIdleConnections()
      for (const socket of silent) socket.destroy()
      setTimeout(() => server.closeAllConnections(), FINISH_MS).unref()
    })
    return stopping
  }
}

function accessLog(log: Log): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now()
    response.once('finish', () => {
      log.debug(
        {
          method: request.method,
          path: maskMrns(request.originalUrl.split('?')[0] ?? ''),
          status: response.statusCode,
          ms: Math.round(performance.now() - startedAt),
          requestId: requestIdOf(response),
        },
        'request',
      )
    })
    next()
  }
}
