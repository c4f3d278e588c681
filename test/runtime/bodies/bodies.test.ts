import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { request } from 'undici'
import { Bodies, type BodyLimits } from '../../../runtime/bodies/bodies'
import { BodyError } from '../../../runtime/bodies/body-error'

const KIB = 1_024
const LIMITS: BodyLimits = {
  mostBytes: 128 * KIB,
  roomBytes: 256 * KIB,
  roomOfOneBytes: 256 * KIB,
  atOnce: 2,
  largeBytes: 64 * KIB,
  mostRatio: 50,
  ratioFromBytes: 8 * KIB,
  mostDepth: 20,
  mostValues: 1_000,
}
const MOST_BYTES = LIMITS.mostBytes

/** Answers what came of a body: its JSON as it was understood, or the type of the error. `hold` keeps it in use. */
async function serve(limits: Partial<BodyLimits> = {}) {
  const bodies = new Bodies({ ...LIMITS, ...limits })
  let holding: Promise<void> = Promise.resolve()
  const server: Server = createServer((asked, answer) => {
    bodies
      .json(asked, String(asked.headers['x-who'] ?? 'somebody'), async (value) => {
        await holding
        return value
      })
      .then(
        (value) => answer.end(JSON.stringify({ value })),
        (error: unknown) =>
          answer.end(JSON.stringify({ error: error instanceof BodyError ? error.type : String(error) })),
      )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    hold: (until: Promise<void>) => {
      holding = until
    },
    send: async (
      body: Buffer | string,
      encoding?: string,
      who?: string,
    ): Promise<{ value?: unknown; error?: string }> => {
      const headers = { ...(encoding && { 'content-encoding': encoding }), ...(who && { 'x-who': who }) }
      const answer = await request(`http://127.0.0.1:${port}`, { method: 'POST', body, headers })
      return (await answer.body.json()) as { value?: unknown; error?: string }
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

let served: Awaited<ReturnType<typeof serve>>
beforeAll(async () => {
  served = await serve()
})
afterAll(() => served.close())

const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
const zeros = (bytes: number) => Buffer.alloc(bytes, 0x20)

test.each<[string, Buffer | string, string | undefined, string]>([
  ['what says that it is too large', zeros(MOST_BYTES + 1), undefined, 'entity.too.large'],
  [
    'what unpacks to more than the limit',
    gzipSync(Buffer.from(`"${randomText(MOST_BYTES)}"`)),
    'gzip',
    'entity.too.large',
  ],
  ['a bomb of gzip', gzipSync(zeros(10 * KIB * KIB)), 'gzip', 'entity.too.large'],
  ['a bomb of brotli', brotliCompressSync(zeros(10 * KIB * KIB)), 'br', 'entity.too.large'],
  ['what unpacks to many times itself, below the limit', gzipSync(zeros(100 * KIB)), 'gzip', 'entity.too.large'],
  ['an encoding that nobody knows', '{}', 'compress', 'encoding.unsupported'],
  ['an encoding by the name of what every object has', '{}', 'constructor', 'encoding.unsupported'],
  ['what is not in its encoding', '{}', 'gzip', 'entity.verify.failed'],
  ['half of a packed body', gzipSync('{"a":1}').subarray(0, 12), 'gzip', 'entity.verify.failed'],
  ['what is nested too deep', deep(21), undefined, 'entity.too.deep'],
  [
    'what is nested too deep, with brackets in its texts',
    `{"\\\\":"]]\\"]]}","a":${deep(20)}}`,
    undefined,
    'entity.too.deep',
  ],
  ['a depth that never ends', '['.repeat(100 * KIB), undefined, 'entity.too.deep'],
  ['values without end', `[${'[],'.repeat(600)}[]]`, undefined, 'entity.too.large'],
  ['no JSON', '{"a":', undefined, 'entity.parse.failed'],
  ['nothing', '', undefined, 'entity.parse.failed'],
  ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), undefined, 'entity.parse.failed'],
])('refuses %s', async (_what, body, encoding, error) => {
  expect(await served.send(body, encoding)).toEqual({ error })
})

test.each<[string, (text: string) => Buffer | string, string | undefined]>([
  ['as it is', (text) => text, undefined],
  ['gzip', gzipSync, 'gzip'],
  ['brotli', brotliCompressSync, 'br'],
  ['deflate', deflateSync, 'deflate'],
])('takes %s, as deep as the limit, with brackets in texts', async (_what, pack, encoding) => {
  const value = { texts: ['[[[[{{{{', '\\', '"', 'é[', '\\"['], deep: JSON.parse(deep(19)) as unknown }
  expect(await served.send(pack(JSON.stringify(value)), encoding)).toEqual({ value })
})

test('takes as many values as the limit, and commas in texts are none', async () => {
  const value = [...Array.from({ length: 998 }, () => 0), ','.repeat(5_000)]
  expect(await served.send(JSON.stringify(value))).toEqual({ value })
})

test('whoever comes when the room is full is told so before his body is read, and gets in once there is room', async () => {
  const full = await serve({ roomBytes: 10 * KIB })
  let release = () => {}
  full.hold(new Promise((resolve) => (release = resolve)))
  const text = JSON.stringify(randomText(6 * KIB))
  const first = full.send(text)
  // It has no more than its headers sent, and is answered.
  const second = await firstLineAfter(full.port, 'Content-Length: 8000\r\n\r\n', 'room.full')
  expect(second).toContain('room.full')
  release()
  expect(await first).toEqual({ value: JSON.parse(text) })
  expect(await full.send(text)).toEqual({ value: JSON.parse(text) })
  full.close()
})

test('who keeps what he said he would send waiting keeps nobody else waiting', async () => {
  const shared = await serve({ roomBytes: 20 * KIB, roomOfOneBytes: 10 * KIB })
  const waiting = await Promise.all(
    Array.from({ length: 4 }, () => begun(shared.port, 'X-Who: slow\r\nContent-Length: 9000\r\n\r\n{"half":')),
  )
  // One of them is waited for; the others are told so at once.
  let refused = 0
  await new Promise<void>((resolve) => {
    for (const socket of waiting) {
      socket.on('data', (piece: Buffer) => {
        if (piece.includes('room.full') && ++refused === waiting.length - 1) resolve()
      })
    }
  })
  expect(await shared.send(JSON.stringify(randomText(9 * KIB)), undefined, 'other')).toHaveProperty('value')
  for (const socket of waiting) socket.destroy()
  while ((await shared.send(JSON.stringify(randomText(9 * KIB)), undefined, 'slow')).error === 'room.full');
  shared.close()
})

test('a body without a length takes room as it arrives', async () => {
  const full = await serve({ roomBytes: 10 * KIB })
  const chunk = `${(6 * KIB).toString(16)}\r\n${' '.repeat(6 * KIB)}\r\n`
  expect(await firstLineAfter(full.port, `Transfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`, 'room.full')).toContain(
    'room.full',
  )
  // What it held is given back.
  expect(await full.send('{}')).toEqual({ value: {} })
  full.close()
})

test('room and turn are given back by whoever is cut off, fails or is refused', async () => {
  const small = await serve({ roomBytes: 10 * KIB, atOnce: 1 })
  for (let times = 0; times < 5; times++) {
    const socket = await begun(small.port, 'Content-Length: 8000\r\n\r\n{"half":')
    const closed = once(socket, 'close')
    socket.destroy()
    await closed
    expect(await small.send('[', undefined)).toEqual({ error: 'entity.parse.failed' })
    expect(await small.send('x', 'gzip')).toEqual({ error: 'entity.verify.failed' })
  }
  while ((await small.send(JSON.stringify(randomText(8 * KIB)))).error === 'room.full');
  small.close()
})

test('who is gone before his body is read takes no room', async () => {
  const bodies = new Bodies({ ...LIMITS, roomBytes: 10 * KIB })
  const outcomes: Promise<unknown>[] = []
  const server = createServer((asked) => {
    // As a gate does that asks the database who calls.
    const gone = new Promise((resolve) => asked.once('close', resolve))
    outcomes.push(
      gone.then(() => bodies.json(asked, 'somebody', async (value) => value)).catch((error: unknown) => error),
    )
    asked.socket.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  for (const _time of [1, 2, 3]) {
    const socket = await begun(port, 'Content-Length: 8000\r\n\r\n{"half":')
    socket.on('error', () => {})
    if (!socket.closed) await once(socket, 'close')
  }
  expect(await Promise.all(outcomes)).toEqual(Array(3).fill(new BodyError('request.aborted')))
  server.close()
})

async function begun(port: number, rest: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(`POST / HTTP/1.1\r\nHost: localhost\r\n${rest}`)
  return socket
}

/** Asks anew until the answer holds `text`: what came before has to have taken its room first. */
async function firstLineAfter(port: number, rest: string, text: string): Promise<string> {
  for (;;) {
    const socket = await begun(port, rest)
    socket.setTimeout(200, () => socket.destroy())
    let answer = ''
    socket.on('data', (piece: Buffer) => {
      answer += piece.toString('utf8')
      if (answer.includes(text)) socket.destroy()
    })
    socket.on('error', () => {})
    await once(socket, 'close')
    if (answer.includes(text)) return answer
  }
}

function randomText(length: number): string {
  let state = 1
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647
    return String.fromCharCode(0x61 + (state % 26))
  }).join('')
}
