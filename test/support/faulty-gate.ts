import {
  Agent,
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'

/** What stands in front of the hub does with a request. */
export type GateFault =
  /** Answers itself; the hub never sees the request. */
  | { kind: 'answers'; status: number; body: object | string; headers?: Readonly<Record<string, string>> }
  /** Takes no body above so many bytes, as a proxy with a limit. */
  | { kind: 'too-large'; aboveBytes: number; body: object | string }
  /** The hub does it, and half of its answer comes. */
  | { kind: 'cuts-answer' }
  /** The hub gets it twice, one after the other; the second answer comes. */
  | { kind: 'twice' }

export interface FaultyGate {
  readonly url: string
  /** Set to undefined it lets everything through. */
  fault: GateFault | undefined
  /** What the fault is for: paths that begin so. Everything else passes. */
  path: string
  /** How many requests met the fault. */
  faults(): number
  /** The shortest time from a request that met the fault to the next: a loaded machine only makes it longer. */
  leastPauseMs(): number
  stop(): Promise<void>
}

interface Whole {
  status: number
  headers: OutgoingHttpHeaders
  body: Buffer
}

/** A reverse proxy in front of a hub that misbehaves on demand. Takes whole requests: it is for faults, not for speed. */
export async function startFaultyGate(targetUrl: string): Promise<FaultyGate> {
  const target = new URL(targetUrl)
  const agent = new Agent({ keepAlive: true })
  let faults = 0
  let metAtMs = Number.NEGATIVE_INFINITY
  let leastPauseMs = Number.POSITIVE_INFINITY
  const server = createServer((asked, response) => {
    answer(asked, response).catch(() => response.destroy())
  })
  const answer = async (asked: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(asked)
    const forward = () => forwarded(target, agent, asked, body)
    const fault = asked.url?.startsWith(gate.path) ? gate.fault : undefined
    if (fault && (fault.kind !== 'too-large' || body.length > fault.aboveBytes)) {
      faults++
      leastPauseMs = Math.min(leastPauseMs, performance.now() - metAtMs)
      metAtMs = performance.now()
    }
    switch (fault?.kind) {
      case undefined:
        return send(response, await forward())
      case 'answers':
        return send(response, madeUp(fault.status, fault.body, fault.headers))
      case 'too-large':
        return send(response, body.length > fault.aboveBytes ? madeUp(413, fault.body) : await forward())
      case 'twice':
        await forward()
        return send(response, await forward())
      case 'cuts-answer': {
        const whole = await forward()
        response.writeHead(whole.status, { ...whole.headers, 'content-length': whole.body.length })
        response.write(whole.body.subarray(0, Math.floor(whole.body.length / 2)), () => response.destroy())
      }
    }
  }
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const gate: FaultyGate = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault: undefined,
    path: '/',
    faults: () => faults,
    leastPauseMs: () => leastPauseMs,
    stop: () => {
      agent.destroy()
      server.closeAllConnections()
      return new Promise((closed) => server.close(() => closed()))
    },
  }
  return gate
}

function madeUp(status: number, body: object | string, headers: Readonly<Record<string, string>> = {}): Whole {
  const type = typeof body === 'string' ? 'text/html' : 'application/json'
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { status, headers: { 'content-type': type, ...headers }, body: Buffer.from(text) }
}

function send(response: ServerResponse, { status, headers, body }: Whole): void {
  response.writeHead(status, { ...headers, 'content-length': body.length })
  response.end(body)
}

function forwarded(target: URL, agent: Agent, asked: IncomingMessage, body: Buffer): Promise<Whole> {
  return new Promise((resolve, reject) => {
    const { method, url, headers } = asked
    const { 'transfer-encoding': _chunked, ...kept } = headers
    const sent = body.length > 0 ? { ...kept, 'content-length': String(body.length) } : kept
    const forward = request(
      { host: target.hostname, port: target.port, method, path: url, headers: sent, agent },
      (answer) => {
        // What belongs to one connection is not passed on (RFC 9110, section 7.6.1).
        const {
          connection: _connection,
          'keep-alive': _keep,
          'transfer-encoding': _coding,
          ...headers
        } = answer.headers
        bodyOf(answer).then((whole) => resolve({ status: answer.statusCode ?? 502, headers, body: whole }), reject)
      },
    )
    forward.once('error', reject)
    forward.end(body)
  })
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of message) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
