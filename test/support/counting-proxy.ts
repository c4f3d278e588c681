import { Agent, createServer, request as send } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export interface Traffic {
  requests: number
  connections: number
  /** Both directions, headers included, as they pass the proxy on the client's side. */
  bytes: number
  /** From the first byte of the first request to the last byte of the last answer. */
  elapsedMs: number
}

export interface CountingProxy {
  url: string
  traffic(): Traffic
  reset(): void
  stop(): Promise<void>
}

/** Stands between a client and a hub, changes nothing and counts what passes under `path`. */
export async function startCountingProxy(targetUrl: string, path: string): Promise<CountingProxy> {
  const target = new URL(targetUrl)
  const agent = new Agent({ keepAlive: true })
  const counted = new Map<Socket, { read: number; written: number }>()
  let requests = 0
  let bytesOfClosed = 0
  let firstAt = 0
  let lastAt = 0
  const bytesOf = (socket: Socket, from: { read: number; written: number }) =>
    socket.bytesRead - from.read + socket.bytesWritten - from.written
  const server = createServer((request, response) => {
    const counts = request.url?.startsWith(path) === true
    if (counts) {
      requests++
      if (firstAt === 0) firstAt = performance.now()
      if (!counted.has(request.socket)) {
        counted.set(request.socket, { read: 0, written: 0 })
        request.socket.once('close', () => {
          const from = counted.get(request.socket)
          if (from) bytesOfClosed += bytesOf(request.socket, from)
          counted.delete(request.socket)
        })
      }
    }
    const { method, url: asked, headers } = request
    const forward = send(
      { host: target.hostname, port: target.port, method, path: asked, headers, agent },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
        answer.pipe(response)
        if (counts) response.once('finish', () => (lastAt = performance.now()))
      },
    )
    forward.once('error', () => response.destroy())
    request.pipe(forward)
  })
  let connections = 0
  server.on('connection', () => connections++)
  server.keepAliveTimeout = 75_000
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    traffic: () => ({
      requests,
      connections,
      bytes: bytesOfClosed + [...counted].reduce((sum, [socket, from]) => sum + bytesOf(socket, from), 0),
      elapsedMs: lastAt - firstAt,
    }),
    reset: () => {
      requests = 0
      connections = 0
      bytesOfClosed = 0
      firstAt = 0
      lastAt = 0
      for (const socket of counted.keys()) counted.set(socket, { read: socket.bytesRead, written: socket.bytesWritten })
    },
    stop: () => {
      agent.destroy()
      server.closeAllConnections()
      return new Promise((closed) => server.close(() => closed()))
    },
  }
}
