import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Refusal } from './refusal'

export interface ConnectionLimits {
  /** Whoever connects beyond it is cut off at once. */
  readonly connections: number
  /** Of one caller; undefined where all come from the address of a proxy. */
  readonly connectionsOfAddress?: number
  /** Who an address belongs to, for those who have many; each to itself where nobody says it. */
  readonly callerOf?: (address: string) => string
  /** A connection on which nothing moves for so long, in either direction, with a request under way. */
  readonly silentMs: number
  /** A body of which fewer bytes arrive within the time, though somebody reads it, is refused, at most twice the time after it began. */
  readonly slowBody: {
    readonly leastBytes: number
    readonly withinMs: number
    readonly refusal: (path: string) => Refusal
  }
}

/** Keeps a server's connections from being used up by whoever opens many and sends little (CWE-400). */
export function limitConnections(server: Server, limits: ConnectionLimits): void {
  server.maxConnections = limits.connections
  server.timeout = limits.silentMs
  const { connectionsOfAddress, callerOf = (address) => address } = limits
  if (connectionsOfAddress !== undefined) limitAddresses(server, connectionsOfAddress, callerOf)
  refuseSlowBodies(server, limits.slowBody)
}

function limitAddresses(server: Server, most: number, callerOf: (address: string) => string): void {
  const counts = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const address = callerOf(socket.remoteAddress ?? '')
    const count = (counts.get(address) ?? 0) + 1
    counts.set(address, count)
    socket.once('close', () => {
      const left = (counts.get(address) ?? 1) - 1
      if (left === 0) counts.delete(address)
      else counts.set(address, left)
    })
    if (count > most) socket.destroy()
  })
}

interface Arriving {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Of the socket, when it was looked at last; undefined where nobody was reading then. */
  bytesRead: number | undefined
}

/**
 * What counts is what arrives between two looks while the program reads: a body that waits for its turn is slow by our own doing,
 * and one that began a moment before a look is not slow. A request of which no body arrives any more is forgotten at the next look.
 */
function refuseSlowBodies(server: Server, { leastBytes, withinMs, refusal }: ConnectionLimits['slowBody']): void {
  const arriving = new Set<Arriving>()
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.complete) return
    const one: Arriving = { request, response, bytesRead: undefined }
    arriving.add(one)
    response.once('close', () => arriving.delete(one))
  })
  const look = setInterval(() => {
    for (const one of arriving) {
      const { request, response, bytesRead: before } = one
      const bytesRead = request.readableFlowing ? request.socket.bytesRead : undefined
      // The answer to one that came behind another on a connection is not closed with it.
      if (request.complete || request.socket.destroyed) arriving.delete(one)
      else if (bytesRead !== undefined && before !== undefined && bytesRead - before < leastBytes) {
        arriving.delete(one)
        refuse(response, refusal(pathOf(request)))
      }
      one.bytesRead = bytesRead
    }
  }, withinMs)
  look.unref()
  server.once('close', () => clearInterval(look))
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? ''
}

function refuse(response: ServerResponse, refusal: Refusal): void {
  if (response.headersSent) return void response.destroy()
  const { status, body, headers, contentType = 'application/json; charset=utf-8' } = refusal
  response.writeHead(status, { ...headers, 'content-type': contentType, connection: 'close' })
  response.end(JSON.stringify(body))
}
