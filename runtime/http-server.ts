import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import { type Log, maskMrns } from './log'
import { PlainError } from './plain-error'
import type { Stoppable } from './service'

/** What a failed request is answered with. `cause` is logged and never sent. */
export interface Refusal {
  status: number
  body: unknown
  headers?: Readonly<Record<string, string>>
  contentType?: string
  /** Set where the failure is ours and not the caller's: it is logged as an error. */
  fault?: unknown
  /** Under which it is logged. */
  faultId?: string
}

/** Turns whatever a handler threw into an answer. The program gives it: error codes are not this folder's business. */
export type Refuse = (error: unknown, request: { path: string }) => Refusal

export interface HttpServer extends Stoppable {
  /** Where it listens, for example `http://127.0.0.1:7070`. */
  readonly url: string
}

/** An Express application with the habits that both programs share. Routes go between `openApp` and `closeApp`. */
export function openApp(log: Log): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('case sensitive routing', true)
  app.set('query parser', 'simple')
  app.use(accessLog(log))
  return app
}

/** Refuse by default: what no route took is `refuse(notFound)`; what a handler threw is answered by `refuse`. */
export function closeApp(app: Express, log: Log, refuse: Refuse, notFound: () => unknown): void {
  app.use((_request, _response, next) => next(notFound()))
  const onError: ErrorRequestHandler = (error, request, response, _next) => {
    const refusal = refuse(error, { path: request.path })
    if (refusal.fault !== undefined) {
      log.error({ err: refusal.fault, faultId: refusal.faultId }, 'a request failed by a fault of ours')
    }
    if (response.headersSent) {
      response.destroy()
      return
    }
    for (const [name, value] of Object.entries(refusal.headers ?? {})) response.setHeader(name, value)
    response.status(refusal.status)
    response.setHeader('Content-Type', refusal.contentType ?? 'application/json; charset=utf-8')
    response.end(JSON.stringify(refusal.body))
    // A body that nobody reads would keep the connection from being used again.
    if (!request.readableEnded) request.resume()
  }
  app.use(onError)
}

/** Says which setting helps when the port is taken. */
export class PortTakenError extends PlainError {
  constructor(host: string, port: number, setting: string) {
    super(`Port ${port} on ${host} is taken by another program. Set ${setting} to a free one.`)
  }
}

export async function listen(
  app: Express | ((...args: Parameters<Express>) => void),
  at: { host: string; port: number; setting: string; tls?: { cert: string; key: string } },
): Promise<HttpServer> {
  const server = at.tls
    ? createTlsServer({ ...at.tls, minVersion: 'TLSv1.2' }, app as Express)
    : createServer(app as Express)
  // Longer than any client's own idle time: the side that closes an idle connection should be the client.
  server.keepAliveTimeout = 75_000
  server.headersTimeout = 80_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortTakenError(at.host, at.port, at.setting) : error),
    )
    server.listen(at.port, at.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  const host = at.host.includes(':') ? `[${at.host}]` : at.host
  return { url: `${at.tls ? 'https' : 'http'}://${host}:${port}`, stop: () => close(server) }
}

/** Requests under way are finished; idle connections are closed. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), 5_000).unref()
  })
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
        },
        'request',
      )
    })
    next()
  }
}
