import { once } from 'node:events'
import { connect } from 'node:net'
import {
  ImportRoom,
  MOST_BYTES_AT_ONCE,
  MOST_BYTES_OF_ONE_NODE,
  MOST_IMPORTS_AT_ONCE,
  MOST_IMPORTS_OF_ONE_NODE,
  MOST_RECORD_BYTES,
} from '../../../hub/import/import-room'
import { CodedError } from '../../../protocol/error-codes'
import { newNonce, signImport } from '../../../protocol/import-signature'
import { askHub } from './ask-hub'
import { type HubOfFakes, record, startHubOfFakes } from './hub-of-fakes'

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

test('the large records of one node leave room for those of others', () => {
  const room = new ImportRoom()
  const [one, two] = [room.enter('node-1'), room.enter('node-1')]
  one.take(MOST_BYTES_OF_ONE_NODE)
  expect(code(() => two.take(1))).toBe('OVERLOADED')
  expect(code(() => room.enter('node-2').take(MOST_BYTES_AT_ONCE - MOST_BYTES_OF_ONE_NODE))).toBe('in')
  one.leave()
  expect(code(() => two.take(MOST_BYTES_OF_ONE_NODE))).toBe('in')
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

  test('whoever hangs up keeps his places for as long as his records are read', async () => {
    const hub = await startHubOfFakes()
    hub.records = [record('101', '10100000042', 'Patient')]
    let open = () => {}
    hub.hold = new Promise((resolve) => {
      open = () => resolve()
    })
    const leaving = new AbortController()
    const asked = Array.from({ length: MOST_IMPORTS_OF_ONE_NODE }, () => askHub(hub, { signal: leaving.signal }))
    await happened(hub, 'read', asked.length)
    leaving.abort()
    await Promise.allSettled(asked)
    await until(() => hub.over === asked.length)
    expect(await askHub(hub)).toMatchObject({ status: 503, code: 'OVERLOADED' })
    open()
    await happened(hub, 'audit', asked.length + 1)
    expect(await askHub(hub)).toMatchObject({ status: 200 })
    await hub.stop()
  })

  test('an import that fails in one half keeps its place until the other is over', async () => {
    const hub = await startHubOfFakes()
    hub.records = [record('101', '10100000042', 'Patient')]
    let open = () => {}
    hub.hold = new Promise((resolve) => {
      open = () => resolve()
    })
    hub.failUse = true
    const asked = Array.from({ length: MOST_IMPORTS_OF_ONE_NODE }, () => askHub(hub))
    await happened(hub, 'read', asked.length)
    hub.failUse = false
    expect(await askHub(hub)).toMatchObject({ status: 503, code: 'OVERLOADED' })
    open()
    for (const { status } of await Promise.all(asked)) expect(status).toBe(500)
    expect(await askHub(hub)).toMatchObject({ status: 200 })
    await hub.stop()
  })

  test('imports that wait behind another on a connection leave their places when it closes', async () => {
    const hub = await startHubOfFakes()
    hub.records = [record('101', '10100000042', 'Patient')]
    let open = () => {}
    hub.hold = new Promise((resolve) => {
      open = () => resolve()
    })
    const { port } = new URL(hub.url)
    const socket = connect(Number(port), '127.0.0.1')
    socket.on('error', () => {})
    const requests = Array.from({ length: MOST_IMPORTS_OF_ONE_NODE }, () => signedRequest(hub))
    socket.write((await Promise.all(requests)).join(''))
    await happened(hub, 'read', requests.length)
    socket.destroy()
    open()
    await happened(hub, 'audit', requests.length)
    // The first had its turn on the connection: only that all places are free says something of the others.
    hub.hold = new Promise((resolve) => {
      open = () => resolve()
    })
    const again = Array.from({ length: MOST_IMPORTS_OF_ONE_NODE }, () => askHub(hub))
    await Promise.race([Promise.all(again), happened(hub, 'read', requests.length + again.length)])
    open()
    expect((await Promise.all(again)).map(({ status }) => status)).toEqual(again.map(() => 200))
    await hub.stop()
  })

  test('whoever does not take his answers is cut off, and his places are free', async () => {
    const hub = await startHubOfFakes('permit-unless-refused', { takingMs: 2_500 })
    // More than lies between two ends of a connection.
    const text = 'x'.repeat(12_000_000)
    hub.records = [record('101', '10100000042', 'Patient', undefined, { text: { status: 'generated', div: text } })]
    const sockets = await Promise.all(
      Array.from({ length: MOST_IMPORTS_OF_ONE_NODE }, async () => {
        const { port } = new URL(hub.url)
        const socket = connect(Number(port), '127.0.0.1')
        socket.on('error', () => {})
        await once(socket, 'connect')
        socket.write(await signedRequest(hub))
        return socket
      }),
    )
    await happened(hub, 'audit', sockets.length)
    expect(await askHub(hub)).toMatchObject({ status: 503, code: 'OVERLOADED' })
    await until(() => hub.over === sockets.length + 1)
    expect(await askHub(hub, { headers: { 'accept-encoding': 'gzip' } })).toMatchObject({ status: 200 })
    for (const socket of sockets) socket.destroy()
    await hub.stop()
  }, 30_000)

  test('a facility that imports too often waits, and each of its tries is written down', async () => {
    let left = 2
    const hub = await startHubOfFakes('permit-unless-refused', {
      admit: async (nodeName) => {
        expect(nodeName).toBe('node-102')
        if (left-- <= 0) throw new CodedError('RATE_LIMITED', 'Too many.', { headers: { 'Retry-After': '7' } })
      },
    })
    hub.records = [record('101', '10100000042', 'Patient')]
    expect([(await askHub(hub)).status, (await askHub(hub)).status]).toEqual([200, 200])
    const nonce = newNonce()
    const refused = await askHub(hub, { nonce })
    expect(refused).toMatchObject({ status: 429, code: 'RATE_LIMITED' })
    expect(refused.headers.get('retry-after')).toBe('7')
    expect(hub.audit[2]).toMatchObject({ _id: `node-102:${nonce}`, outcome: 'refused', code: 'RATE_LIMITED' })
    expect(hub.events.filter((event) => event === 'read').length).toBe(2)
    await hub.stop()
  })
})

function happened(hub: HubOfFakes, what: string, times: number): Promise<void> {
  return until(() => hub.events.filter((event) => event === what).length >= times)
}

async function until(isSo: () => boolean): Promise<void> {
  const lastMs = Date.now() + 20_000
  while (!isSo()) {
    if (Date.now() > lastMs) throw new Error(`not so in time: ${isSo}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** As it is on the wire, of somebody who takes answers as they are. */
async function signedRequest(hub: HubOfFakes): Promise<string> {
  const url = new URL('/fhir/Patient/10100000042/$everything', hub.url)
  const signer = { nodeName: 'node-102', nodePassword: hub.nodePassword }
  const headers = await signImport({ method: 'GET', url, purpose: 'TREAT' }, signer, {
    now: new Date(),
    nonce: newNonce(),
  })
  const lines = Object.entries({ Host: url.host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `GET ${url.pathname} HTTP/1.1\r\n${lines.join('')}\r\n`
}
