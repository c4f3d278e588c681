import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { onceOver } from '../../runtime/once-over'
import { UntakenAnswers } from '../../runtime/untaken-answers'

const cleanUps: (() => void)[] = []
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp()
})

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUps.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  cleanUps.push(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`
/** Of two bytes a letter. */
const TEXT = 'é'.repeat(500)
const BYTES = 1_000

/** Answers `/large` out of a room for one such answer, 503 where there is none, and `/never` never. `held` is called when one has its room. */
function largeAndNever(answers: UntakenAnswers, held: () => void = () => {}): RequestListener {
  return (request, response) => {
    if (request.url === '/never') return
    try {
      answers.hold(TEXT, 'node-101', response)
    } catch {
      response.statusCode = 503
      response.end()
      return
    }
    held()
    response.end(TEXT)
  }
}

async function statusOf(port: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/large`)
  await answer.arrayBuffer()
  return answer.status
}

test('an answer that waits behind another on its connection gives its room back when that one closes', async () => {
  const answers = new UntakenAnswers({ roomBytes: BYTES, roomOfOneBytes: BYTES })
  let held = () => {}
  const isHeld = new Promise<void>((resolve) => (held = resolve))
  const port = await serve(largeAndNever(answers, () => held()))
  const socket = await open(port)
  socket.write(get('/never') + get('/large'))
  await isHeld
  expect(await statusOf(port)).toBe(503)
  socket.destroy()
  const lastMs = Date.now() + 3_000
  while ((await statusOf(port)) === 503) if (Date.now() > lastMs) throw new Error('its room is held for ever')
})

test('an answer counts by its bytes, not by its letters', async () => {
  const short = new UntakenAnswers({ roomBytes: BYTES - 1, roomOfOneBytes: BYTES - 1 })
  expect(await statusOf(await serve(largeAndNever(short)))).toBe(503)
  const enough = new UntakenAnswers({ roomBytes: BYTES, roomOfOneBytes: BYTES })
  expect(await statusOf(await serve(largeAndNever(enough)))).toBe(200)
})

test('an answer that waits behind one that never comes is cut off with it', async () => {
  const answers = new UntakenAnswers({ roomBytes: BYTES, roomOfOneBytes: BYTES, takingMs: 50 })
  const port = await serve(largeAndNever(answers))
  const socket = await open(port)
  socket.resume()
  socket.write(get('/never') + get('/large'))
  await once(socket, 'close')
})

test('an answer is over once, when it was taken', async () => {
  const over: string[] = []
  const port = await serve((request, response) => {
    onceOver(response, () => over.push(request.url ?? ''))
    response.end('taken')
  })
  const socket = await open(port)
  const warned: Error[] = []
  const warn = (warning: Error) => warned.push(warning)
  process.on('warning', warn)
  cleanUps.push(() => process.off('warning', warn))
  const paths = Array.from({ length: 20 }, (_, at) => `/${at}`)
  socket.write(paths.map(get).join(''))
  let text = ''
  while (text.split('taken').length <= paths.length) text += String((await once(socket, 'data'))[0])
  socket.destroy()
  while (over.length < paths.length) await new Promise((resolve) => setImmediate(resolve))
  await new Promise((resolve) => setImmediate(resolve))
  expect(over).toEqual(paths)
  expect(warned).toEqual([])
})
