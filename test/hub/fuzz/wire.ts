import { connect, type Socket } from 'node:net'

/** What came of a request. */
export type Outcome =
  | {
      kind: 'answer'
      status: number
      head: string
      headers: Readonly<Record<string, string>>
      body: Buffer
      ms: number
    }
  /** The connection ended before there was a whole answer. */
  | { kind: 'cut'; received: string; ms: number }
  | { kind: 'silence'; received: string; ms: number }

export interface Sent {
  /** Everything, as it goes over the wire. */
  readonly bytes: Buffer
  readonly method: string
  /** Nobody knows where such a request ends: it has a connection of its own, which this side ends if nothing comes. */
  readonly isAlone: boolean
}

/** One connection that is kept from request to request, without anything between that would mend what is sent. */
export class Wire {
  #socket: Socket | undefined

  constructor(
    private readonly port: number,
    private readonly withinMs: number,
  ) {}

  async ask(sent: Sent): Promise<Outcome> {
    const kept = this.#socket
    const socket = !sent.isAlone && kept && !kept.destroyed ? kept : this.#open()
    const { outcome, isReusable } = await exchange(socket, sent, this.withinMs)
    if (sent.isAlone || !isReusable) socket.destroy()
    else this.#socket = socket
    // A server may close a kept connection at any time (RFC 9112, section 9.5): that is no answer to what was just sent.
    if (outcome.kind === 'cut' && socket === kept && outcome.received === '') return this.ask(sent)
    return outcome
  }

  close(): void {
    this.#socket?.destroy()
  }

  #open(): Socket {
    const socket = connect({ port: this.port, host: '127.0.0.1', noDelay: true })
    // Reported where somebody waits for it.
    socket.on('error', () => undefined)
    return socket
  }
}

/** Who announced more than he sends leaves after so long. */
const PATIENCE_MS = 250

function exchange(
  socket: Socket,
  { bytes, method, isAlone }: Sent,
  withinMs: number,
): Promise<{ outcome: Outcome; isReusable: boolean }> {
  const startedAt = performance.now()
  let received = Buffer.alloc(0)
  return new Promise((resolve) => {
    const finish = (outcome: Outcome, isReusable = false) => {
      clearTimeout(timer)
      clearTimeout(patience)
      socket.off('data', onData).off('close', onClose)
      resolve({ outcome, isReusable })
    }
    const ms = () => Math.round(performance.now() - startedAt)
    const text = () => received.toString('latin1')
    const timer = setTimeout(() => finish({ kind: 'silence', received: text(), ms: ms() }), withinMs)
    const patience = isAlone ? setTimeout(() => socket.end(), PATIENCE_MS) : undefined
    const onData = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      const answer = answerIn(received, method, false)
      if (answer) finish({ ...answer, ms: ms() }, !/close/i.test(answer.headers['connection'] ?? ''))
    }
    const onClose = () => {
      const answer = answerIn(received, method, true)
      finish(answer ? { ...answer, ms: ms() } : { kind: 'cut', received: text(), ms: ms() })
    }
    socket.on('data', onData).on('close', onClose)
    socket.write(bytes)
  })
}

type Answer = Omit<Extract<Outcome, { kind: 'answer' }>, 'ms'>

/** RFC 9112, section 6.3; undefined while it is not whole. */
function answerIn(received: Buffer, method: string, isEnded: boolean): Answer | undefined {
  const headEnd = received.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const head = received.subarray(0, headEnd).toString('latin1')
  const [statusLine = '', ...lines] = head.split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? 0)
  const rest = received.subarray(headEnd + 4)
  if (status >= 100 && status < 200) return answerIn(rest, method, isEnded)
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim()
  }
  const body = bodyIn(rest, { method, status, headers, isEnded })
  return body && { kind: 'answer', status, head, headers, body }
}

function bodyIn(
  rest: Buffer,
  about: { method: string; status: number; headers: Readonly<Record<string, string>>; isEnded: boolean },
): Buffer | undefined {
  const { method, status, headers, isEnded } = about
  if (method === 'HEAD' || status === 204 || status === 304) return Buffer.alloc(0)
  if (/chunked/i.test(headers['transfer-encoding'] ?? '')) return unchunked(rest)
  const length = headers['content-length']
  if (length !== undefined) return rest.length >= Number(length) ? rest.subarray(0, Number(length)) : undefined
  return isEnded ? rest : undefined
}

function unchunked(rest: Buffer): Buffer | undefined {
  const chunks: Buffer[] = []
  for (let at = 0; ; ) {
    const lineEnd = rest.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(rest.subarray(at, lineEnd).toString('latin1'), 16)
    const end = lineEnd + 2 + size
    if (rest.length < end + 2) return undefined
    if (size === 0) return Buffer.concat(chunks)
    chunks.push(rest.subarray(lineEnd + 2, end))
    at = end + 2
  }
}
