import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { type ConnectionLimits, limitConnections } from '../../runtime/connection-limits'

const REFUSAL = { status: 408, body: { error: 'BODY_TOO_SLOW' } }
const LIMITS: ConnectionLimits = {
  connections: 20,
  connectionsOfAddress: 5,
  silentMs: 60_000,
  slowBody: { leastBytes: 100, withinMs: 150, refusal: () => REFUSAL },
}

const cleanUps: (() => void)[] = []
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp()
})

/** Reads bodies, unless `isReading` says not to, and answers with their length. */
async function serve(limits: Partial<ConnectionLimits> = {}, isReading = true): Promise<number> {
  const server = createServer((request, response) => {
    let length = 0
    if (isReading) request.on('data', (piece: Buffer) => (length += piece.length))
    request.on('end', () => response.end(String(length)))
    request.on('error', () => {})
    // As a handler does that asks who calls before it reads.
    if (!isReading) setTimeout(() => request.resume(), 600)
  })
  limitConnections(server, { ...LIMITS, ...limits })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUps.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

function open(port: number, localAddress = '127.0.0.1'): Socket {
  const socket = connect({ port, host: '127.0.0.1', localAddress })
  socket.on('error', () => {})
  cleanUps.push(() => socket.destroy())
  return socket
}

/** Everything that came until the other side closed. */
async function heard(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (piece: Buffer) => (text += piece.toString('utf8')))
  await once(socket, 'close')
  return text
}

test('a body of a byte now and then is refused, and its connection closed', async () => {
  const socket = open(await serve())
  const answer = heard(socket)
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n')
  const drip = setInterval(() => socket.write('x'), 20)
  expect(await answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*BODY_TOO_SLOW/)
  clearInterval(drip)
})

test('the refusal is in the form of the address that the body was sent to', async () => {
  const refusal = (path: string) => ({ status: 408, body: { path }, contentType: `application/${path.slice(1)}+json` })
  const socket = open(await serve({ slowBody: { ...LIMITS.slowBody, refusal } }))
  const answer = heard(socket)
  socket.write('POST /fhir?_pretty=true HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n')
  const drip = setInterval(() => socket.write('x'), 20)
  expect(await answer).toMatch(
    /^HTTP\/1\.1 408 [\s\S]*content-type: application\/fhir\+json\r[\s\S]*{"path":"\/fhir"}/i,
  )
  clearInterval(drip)
})

test('a body that comes steadily is taken, however long it takes', async () => {
  const socket = open(await serve())
  const answer = heard(socket)
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 8000\r\n\r\n')
  let left = 80
  const steady = setInterval(() => {
    if (left-- > 0) socket.write('x'.repeat(100))
    else clearInterval(steady)
  }, 10)
  expect(await answer).toMatch(/8000$/)
})

test('a body is not slow because it began a moment before a look', async () => {
  const port = await serve({ slowBody: { ...LIMITS.slowBody, withinMs: 500 } })
  const answers: Promise<string>[] = []
  // One of them is under way whenever the look comes.
  for (let count = 0; count < 20; count++) {
    const socket = open(port)
    answers.push(heard(socket))
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\nx')
    setTimeout(() => socket.write('x'), 150)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  for (const answer of await Promise.all(answers)) expect(answer).toMatch(/^HTTP\/1\.1 200/)
})

test('a body that waits for us is not slow', async () => {
  const socket = open(await serve({}, false))
  const answer = heard(socket)
  socket.write(
    `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 200000\r\n\r\n${'x'.repeat(200_000)}`,
  )
  expect(await answer).toMatch(/^HTTP\/1\.1 200/)
})

test('an address has so many connections, and another its own', async () => {
  const port = await serve()
  const held = Array.from({ length: 5 }, () => open(port))
  await Promise.all(held.map((socket) => once(socket, 'connect')))
  await heard(open(port))
  const other = open(port, '127.0.0.2')
  other.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  expect(await heard(other)).toMatch(/^HTTP\/1\.1 200/)
  // One that is closed makes room.
  const closed = once(held[0] as Socket, 'close')
  held[0]?.destroy()
  await closed
  for (;;) {
    const next = open(port)
    next.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    if (/^HTTP\/1\.1 200/.test(await heard(next))) break
  }
})

test('who has many addresses has no more connections for it', async () => {
  const callerOf = (address: string) => address.split('.').slice(0, 3).join('.')
  const port = await serve({ callerOf })
  const held = Array.from({ length: 5 }, (_, at) => open(port, `127.0.7.${at + 1}`))
  await Promise.all(held.map((socket) => once(socket, 'connect')))
  expect(await heard(open(port, '127.0.7.9'))).toBe('')
})

test('all together have so many', async () => {
  const port = await serve({ connections: 3 })
  const held = Array.from({ length: 3 }, (_, at) => open(port, `127.0.0.${at + 1}`))
  await Promise.all(held.map((socket) => once(socket, 'connect')))
  await heard(open(port, '127.0.0.9'))
})

test('a request on which nothing moves is ended', async () => {
  const port = await serve({ silentMs: 100, slowBody: { ...LIMITS.slowBody, withinMs: 60_000 } })
  const socket = open(port)
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nx')
  await heard(socket)
})
