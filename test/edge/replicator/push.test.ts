import type { OutgoingDocument } from '../../../edge/replicator/batch-reader'
import { HubConnection } from '../../../edge/replicator/hub-connection'
import { push } from '../../../edge/replicator/push'
import {
  type ReceivedRequest,
  type ScriptedAnswer,
  type ScriptedServer,
  startScriptedServer,
} from '../../support/scripted-server'

const never = new AbortController().signal
let server: ScriptedServer
let hub: HubConnection
let script: (request: ReceivedRequest) => ScriptedAnswer

beforeEach(async () => {
  server = await startScriptedServer((request) => script(request))
  hub = new HubConnection({ syncUrl: server.url, nodeName: 'node-101', syncPassword: 'secret' }, () => undefined)
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
    await expect(push(hub, [document('a')], false, never)).rejects.toMatchObject({ kind: 'unreachable' })
  })

  test('nothing, if the answer is not a list', async () => {
    script = () => ({ status: 201, body: { ok: true } })
    await expect(push(hub, [document('a')], false, never)).rejects.toMatchObject({ kind: 'not-a-hub' })
  })

  test('all that the answer names no error for', async () => {
    script = () => ({ status: 201, body: [{ id: 'b', error: 'forbidden', reason: 'not yours' }] })
    expect(await push(hub, [document('a'), document('b', '2-b')], false, never)).toEqual({
      held: ['a'],
      refused: [{ id: 'b', rev: '2-b', error: 'forbidden', reason: 'not yours' }],
      allMissing: true,
      split: false,
    })
  })
})

describe('R5: asking first', () => {
  test('sends only the revisions that the hub lacks', async () => {
    script = ({ path }) =>
      path === '/_revs_diff' ? { status: 200, body: { b: { missing: ['1-a'] } } } : { status: 201, body: [] }
    const outcome = await push(hub, [document('a'), document('b')], true, never)
    expect(outcome).toMatchObject({ held: ['a', 'b'], allMissing: false })
    expect(server.received.map((request) => request.path)).toEqual(['/_revs_diff', '/_bulk_docs'])
    expect(sentIds(server.received[1] as ReceivedRequest)).toEqual(['b'])
  })

  test('sends nothing if the hub has it all', async () => {
    script = () => ({ status: 200, body: {} })
    expect(await push(hub, [document('a')], true, never)).toMatchObject({ held: ['a'], allMissing: false })
    expect(server.received).toHaveLength(1)
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
    const outcome = await push(hub, documents, false, never)
    expect(outcome.refused).toEqual([{ id: 'd5', rev: '1-a', error: 'INVALID_REQUEST', reason: 'something in it' }])
    expect(outcome.held).toEqual(['d0', 'd1', 'd2', 'd3', 'd4', 'd6', 'd7', 'd8'])
    expect(outcome.split).toBe(true)
  })
})
