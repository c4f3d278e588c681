import type { OutgoingDocument } from '../../../edge/replicator/batch-reader'
import { HubConnection } from '../../../edge/replicator/hub-connection'
import { type Push, push } from '../../../edge/replicator/push'
import { StaleCheckpoint } from '../../../edge/replicator/push-failure'
import {
  type ReceivedRequest,
  type ScriptedAnswer,
  type ScriptedServer,
  startScriptedServer,
} from '../../support/scripted-server'

let server: ScriptedServer
let hub: HubConnection
let to: Push
let script: (request: ReceivedRequest) => ScriptedAnswer

beforeEach(async () => {
  server = await startScriptedServer((request) => script(request))
  hub = new HubConnection({ syncUrl: server.url, nodeName: 'node-101', syncPassword: 'secret' }, () => undefined)
  to = { hub, signal: new AbortController().signal, sessionId: 'session-1' }
})
afterEach(async () => {
  await hub.close()
  await server.stop()
})

const document = (id: string, rev = '1-a'): OutgoingDocument => ({
  id,
  revs: [rev],
  texts: [JSON.stringify({ _id: id, _rev: rev })],
})
const sentIds = (request: ReceivedRequest) => (request.body as { docs: { _id: string }[] }).docs.map((doc) => doc._id)

describe('R6: what counts as held by the hub', () => {
  test('nothing, until the answer is there', async () => {
    script = () => 'cut'
    await expect(push(to, [document('a')], 'none')).rejects.toMatchObject({ kind: 'unreachable' })
  })

  test('nothing, if the answer is not a list', async () => {
    script = () => ({ status: 201, body: { ok: true } })
    await expect(push(to, [document('a')], 'none')).rejects.toMatchObject({ kind: 'not-a-hub' })
  })

  test('nothing, if a cluster has not written as many copies as it should', async () => {
    script = () => ({ status: 202, body: [] })
    await expect(push(to, [document('a')], 'none')).rejects.toMatchObject({ kind: 'hub-fault' })
  })

  test('all that the answer names no error for', async () => {
    script = () => ({ status: 201, body: [{ id: 'b', error: 'forbidden', reason: 'not yours' }] })
    expect(await push(to, [document('a'), document('b', '2-b')], 'none')).toEqual({
      held: ['a'],
      refused: [{ id: 'b', rev: '2-b', error: 'forbidden', reason: 'not yours' }],
      someMissing: true,
      split: false,
    })
  })
})

describe('R29: whose batch it is', () => {
  test('each names its session', async () => {
    script = () => ({ status: 201, body: [] })
    await push(to, [document('a')], 'none')
    expect(server.received.map(({ headers }) => headers['lontar-session'])).toEqual(['session-1'])
  })

  test('a batch of a session that is not the current one acknowledges nothing', async () => {
    script = () => ({ status: 409, body: { error: 'SESSION_SUPERSEDED', reason: 'another' } })
    await expect(push(to, [document('a')], 'none')).rejects.toBeInstanceOf(StaleCheckpoint)
  })

  test('any other 409 does not come from a hub', async () => {
    script = () => ({ status: 409, body: { error: 'conflict', reason: 'of a proxy' } })
    await expect(push(to, [document('a')], 'none')).rejects.toMatchObject({ kind: 'not-a-hub' })
  })
})

describe('R5: asking first', () => {
  const lacking =
    (...ids: string[]) =>
    ({ path, body }: ReceivedRequest): ScriptedAnswer => {
      if (path !== '/_revs_diff') return { status: 201, body: [] }
      const asked = Object.entries(body as Record<string, string[]>).filter(([id]) => ids.includes(id))
      return { status: 200, body: Object.fromEntries(asked.map(([id, missing]) => [id, { missing }])) }
    }
  const asked = () =>
    server.received.filter(({ path }) => path === '/_revs_diff').map(({ body }) => Object.keys(body as object))

  test('asks about the first alone where the hub has none of them', async () => {
    script = lacking('a', 'b', 'c')
    expect(await push(to, [document('a'), document('b'), document('c')], 'first')).toMatchObject({
      someMissing: true,
    })
    expect(asked()).toEqual([['a']])
    expect(sentIds(server.received[1] as ReceivedRequest)).toEqual(['a', 'b', 'c'])
  })

  test('sends only what the hub lacks where it has the first', async () => {
    script = lacking('b')
    expect(await push(to, [document('a'), document('b')], 'first')).toMatchObject({
      held: ['a', 'b'],
      someMissing: true,
    })
    expect(asked()).toEqual([['a'], ['a', 'b']])
    expect(sentIds(server.received[2] as ReceivedRequest)).toEqual(['b'])
  })

  test('sends nothing if the hub has it all', async () => {
    script = lacking()
    expect(await push(to, [document('a')], 'first')).toMatchObject({ held: ['a'], someMissing: false })
    expect(server.received.map(({ path }) => path)).not.toContain('/_bulk_docs')
  })
})

describe('R15: a body that the hub does not take', () => {
  const refusing =
    (bad: string) =>
    (request: ReceivedRequest): ScriptedAnswer =>
      sentIds(request).includes(bad)
        ? { status: 400, body: { error: 'INVALID_REQUEST', reason: 'something in it' } }
        : { status: 201, body: [] }

  test('the one bad document is found and refused, and the others arrive', async () => {
    script = refusing('d5')
    const documents = Array.from({ length: 9 }, (_, index) => document(`d${index}`))
    const outcome = await push(to, documents, 'none')
    expect(outcome.refused).toEqual([{ id: 'd5', rev: '1-a', error: 'INVALID_REQUEST', reason: 'something in it' }])
    expect(outcome.held).toEqual(['d0', 'd1', 'd2', 'd3', 'd4', 'd6', 'd7', 'd8'])
    expect(outcome.split).toBe(true)
  })
})
