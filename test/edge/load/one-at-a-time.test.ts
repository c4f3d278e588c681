import { EventEmitter } from 'node:events'
import { oneAtATime } from '../../../edge/load/one-at-a-time'

/** Calls the handler as Express does. */
function callerOf(handler: ReturnType<typeof oneAtATime>) {
  return () => {
    const response = Object.assign(new EventEmitter(), { closed: false })
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
