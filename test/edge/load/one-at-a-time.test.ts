import { EventEmitter, once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import express from 'express'
import { oneAtATime } from '../../../edge/load/one-at-a-time'

/** Calls the handler as Express does. */
function callerOf(handler: ReturnType<typeof oneAtATime>) {
  return () => {
    const socket = Object.assign(new EventEmitter(), { destroyed: false })
    const response = Object.assign(new EventEmitter(), { closed: false, req: { socket } })
    const passed: unknown[] = []
    handler({} as never, response as never, (error?: unknown) => void passed.push(error))
    const close = () => {
      response.closed = true
      response.emit('close')
    }
    return { passed, close }
  }
}

test('lets the next one in when the one before is done, and none who has gone', () => {
  const call = callerOf(oneAtATime())
  const [first, second, third, fourth] = [call(), call(), call(), call()]
  expect([first, second, third].map(({ passed }) => passed.length)).toEqual([1, 0, 0])
  third.close()
  first.close()
  expect([second, third, fourth].map(({ passed }) => passed.length)).toEqual([1, 0, 0])
  second.close()
  expect([third, fourth].map(({ passed }) => passed.length)).toEqual([0, 1])
  fourth.close()
  expect(call().passed).toEqual([undefined])
})

test('refuses where too many wait', () => {
  const call = callerOf(oneAtATime())
  const calls = Array.from({ length: 22 }, call)
  expect(calls.at(-1)?.passed).toEqual([expect.objectContaining({ code: 'OVERLOADED' })])
  expect(calls.at(-2)?.passed).toEqual([])
})

test('one that waits behind another on a connection lets the next one through when that closes', async () => {
  const app = express()
  let begun = () => {}
  const isBegun = new Promise<void>((resolve) => (begun = resolve))
  app.get('/never', () => {})
  app.get('/load', oneAtATime(), (request, response) => {
    begun()
    response.end(request.url)
  })
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  socket.write('GET /never HTTP/1.1\r\nHost: x\r\n\r\nGET /load HTTP/1.1\r\nHost: x\r\n\r\n')
  await isBegun
  socket.destroy()
  const answer = await fetch(`http://127.0.0.1:${port}/load`, { signal: AbortSignal.timeout(3_000) })
  expect(answer.status).toBe(200)
  await answer.text()
  server.closeAllConnections()
  server.close()
})
