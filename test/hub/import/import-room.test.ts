import {
  ImportRoom,
  MOST_BYTES_AT_ONCE,
  MOST_IMPORTS_AT_ONCE,
  MOST_IMPORTS_OF_ONE_NODE,
  MOST_RECORD_BYTES,
} from '../../../hub/import/import-room'
import { askHub } from './ask-hub'
import { record, startHubOfFakes } from './hub-of-fakes'

const code = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return (error as { code?: string }).code
  }
  return 'in'
}

test('one node takes so many places, and all together so many', () => {
  const room = new ImportRoom()
  for (let n = 0; n < MOST_IMPORTS_AT_ONCE; n++) room.enter(`node-${Math.floor(n / MOST_IMPORTS_OF_ONE_NODE)}`)
  expect(code(() => room.enter('node-9'))).toBe('OVERLOADED')

  const other = new ImportRoom()
  const places = Array.from({ length: MOST_IMPORTS_OF_ONE_NODE }, () => other.enter('node-1'))
  expect(code(() => other.enter('node-1'))).toBe('OVERLOADED')
  expect(code(() => other.enter('node-2'))).toBe('in')
  places[0]?.leave()
  expect(code(() => other.enter('node-1'))).toBe('in')
})

test('a record, and all records together, take so many bytes', () => {
  const room = new ImportRoom()
  const first = room.enter('node-1')
  first.take(MOST_RECORD_BYTES)
  expect(code(() => first.take(1))).toBe('RECORD_TOO_LARGE')
  let left = MOST_BYTES_AT_ONCE - MOST_RECORD_BYTES
  for (; left > 0; left -= MOST_RECORD_BYTES) room.enter('node-2').take(Math.min(left, MOST_RECORD_BYTES))
  expect(code(() => room.enter('node-3').take(1))).toBe('OVERLOADED')
  first.leave()
  first.leave()
  expect(code(() => room.enter('node-3').take(MOST_RECORD_BYTES))).toBe('in')
  expect(code(() => room.enter('node-4').take(1))).toBe('OVERLOADED')
})

describe('over HTTP', () => {
  test('beyond the bound a node is told when to come again, and it is written down', async () => {
    const hub = await startHubOfFakes()
    hub.records = [record('101', '10100000042', 'Patient')]
    let open = () => {}
    hub.hold = new Promise((resolve) => {
      open = () => resolve()
    })
    const held = Array.from({ length: MOST_IMPORTS_OF_ONE_NODE }, () => askHub(hub))
    while (hub.events.filter((event) => event === 'read').length < held.length) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    const refused = await askHub(hub)
    expect(refused).toMatchObject({ status: 503, code: 'OVERLOADED' })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(hub.audit).toEqual([expect.objectContaining({ outcome: 'refused', code: 'OVERLOADED', node: 'node-102' })])
    open()
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual(held.map(() => 200))
    expect(await askHub(hub)).toMatchObject({ status: 200 })
    await hub.stop()
  })

  test('a record that is too large is refused before it is read whole', async () => {
    const hub = await startHubOfFakes()
    hub.records = [record('101', '10100000042', 'Patient')]
    hub.bytesOfARead = MOST_RECORD_BYTES + 1
    expect(await askHub(hub)).toMatchObject({ status: 422, code: 'RECORD_TOO_LARGE' })
    expect(hub.audit[0]).toMatchObject({ outcome: 'refused', code: 'RECORD_TOO_LARGE' })
    hub.bytesOfARead = 0
    expect(await askHub(hub)).toMatchObject({ status: 200 })
    await hub.stop()
  })

  test('whoever goes away before his answer gives his place back', async () => {
    const hub = await startHubOfFakes()
    hub.records = [record('101', '10100000042', 'Patient')]
    for (let n = 0; n < 2 * MOST_IMPORTS_OF_ONE_NODE; n++) {
      let open = () => {}
      hub.hold = new Promise((resolve) => {
        open = () => resolve()
      })
      const reads = hub.events.length
      const gone = new AbortController()
      const asked = askHub(hub, { signal: gone.signal }).catch(() => 'gone')
      while (hub.events.length === reads) await new Promise((resolve) => setImmediate(resolve))
      gone.abort()
      expect(await asked).toBe('gone')
      open()
    }
    hub.hold = undefined
    expect(await askHub(hub)).toMatchObject({ status: 200 })
    await hub.stop()
  })
})
