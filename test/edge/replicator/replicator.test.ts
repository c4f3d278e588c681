import { cpSync } from 'node:fs'
import type { HubAccess } from '../../../edge/replicator/hub-connection'
import { FAILURE_SENTENCES } from '../../../edge/replicator/push-failure'
import { mrnOf } from '../../../protocol/mrn'
import type { RecordDocument } from '../../../schemas/generated/types'
import { startCountingProxy } from '../../support/counting-proxy'
import { Engine, healthy, pushedTo } from '../../support/engine'
import { type RunningHub, startHub } from '../../support/hub'
import { registerNode } from '../../support/node'
import { temporaryFolder, until } from '../../support/processes'
import { location } from '../../support/records'
import { type ReceivedRequest, type ScriptedAnswer, startScriptedServer } from '../../support/scripted-server'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let engine: Engine

beforeEach(async () => {
  folder = await temporaryFolder()
  engine = await Engine.open(folder.path)
})
afterEach(async () => {
  await engine.close()
  await folder.remove()
})

describe('against a hub', () => {
  let hub: RunningHub
  let access: HubAccess
  const atHub = async (id: string) => (await hub.couch(`/ehr/${encodeURIComponent(id)}`)).status === 200

  beforeAll(async () => {
    hub = await startHub()
    const { nodeName, syncPassword } = await registerNode(hub, '101')
    access = { syncUrl: `${hub.url}/sync/ehr`, nodeName, syncPassword }
  }, 60_000)
  afterAll(() => hub?.remove())

  test('sends its own records and no others', async () => {
    await engine.write(
      location('101', 'own'),
      { ...location('101', 'kept-back'), localOnly: true },
      location('102', 'foreign'),
      { ...location('102', 'copy'), imported: { hubId: 'x', importedAt: '2026-01-15T00:00:00.000Z', facility: '102' } },
    )
    await engine.start(access)
    await engine.idle()
    const there = await Promise.all(
      ['101:Location:own', '101:Location:kept-back', '102:Location:foreign', '102:Location:copy'].map(atHub),
    )
    expect(there).toEqual([true, false, false, false])
  })

  test('sends what is written while it runs, edits and deletions too', async () => {
    await engine.start(access)
    await engine.idle()
    await engine.write(location('101', 'live'))
    await engine.idle()
    const first = await engine.database.get('101:Location:live')
    await engine.write({ ...location('101', 'live', 'renamed'), _rev: first._rev })
    await engine.idle()
    const { body } = await hub.couch('/ehr/101%3ALocation%3Alive')
    const second = await engine.database.get('101:Location:live')
    expect(body).toMatchObject({ _rev: second._rev, resource: { name: 'renamed' } })
    await engine.database.remove(second)
    engine.replicator.wake()
    await engine.idle()
    expect(await atHub('101:Location:live')).toBe(false)
  })

  test('law 4: a refusal holds up nothing, and is kept with its reason', async () => {
    await engine.write(
      location('101', 'before'),
      { ...location('101', 'bad'), facility: '102' },
      location('101', 'after'),
    )
    await engine.start(access)
    await engine.idle()
    expect(await Promise.all(['101:Location:before', '101:Location:after'].map(atHub))).toEqual([true, true])
    expect(await engine.replicator.status()).toMatchObject({ state: 'idle', refusedDocuments: 1, pendingDocuments: 0 })
    await engine.stop()
    await engine.start(access)
    await engine.idle()
    expect(await engine.replicator.refusedPage('', 10)).toMatchObject([
      { id: '101:Location:bad', reason: expect.stringMatching(/./), attempts: 2 },
    ])
  })

  test('law 4: sends a refused document again when it changes, and takes it off the list', async () => {
    await engine.write({ ...location('101', 'mended'), facility: '102' })
    await engine.start(access)
    await engine.idle()
    expect((await engine.replicator.status()).refusedDocuments).toBe(1)
    const bad = await engine.database.get('101:Location:mended')
    await engine.write({ ...location('101', 'mended'), _rev: bad._rev })
    await engine.idle()
    expect((await engine.replicator.status()).refusedDocuments).toBe(0)
    expect(await atHub('101:Location:mended')).toBe(true)
  })

  test('R30: keeps back what belongs to a patient whose MRN another one has at the hub, and nobody else’s', async () => {
    const [mrn, other] = [mrnOf('101', 1), mrnOf('101', 2)]
    type Resource = RecordDocument['resource']
    const record = (of: string, id: string, text: string): RecordDocument => ({
      ...location('101', 'x'),
      _id: id,
      type: id.split(':')[1] ?? '',
      mrn: of,
      resource: {
        resourceType: id.split(':')[1],
        id: id.split(':')[2] ? `${of}.${id.split(':')[2]}` : of,
        text,
      } as Resource,
    })
    const theirs = record(mrn, `${mrn}:Patient`, 'somebody else')
    const { status } = await hub.couch(`/ehr/${encodeURIComponent(theirs._id)}`, { method: 'PUT', body: theirs })
    expect(status).toBe(201)
    await engine.write(record(mrn, `${mrn}:Patient`, 'ours'))
    await engine.start(access)
    await engine.idle()
    await engine.write(record(mrn, `${mrn}:Observation:a`, 'ours'), record(other, `${other}:Observation:a`, 'ours'))
    await engine.idle()
    const refused = async () =>
      (await engine.replicator.refusedPage('', 10)).map(({ id, code, attempts }) => ({ id, code, attempts }))
    expect(await refused()).toEqual([
      { id: `${mrn}:Observation:a`, code: 'MRN_TAKEN', attempts: 1 },
      { id: `${mrn}:Patient`, code: 'MRN_TAKEN', attempts: 1 },
    ])
    expect(await Promise.all([mrn, other].map((of) => atHub(`${of}:Observation:a`)))).toEqual([false, true])
    // Asked for once more it is judged as a whole.
    engine.replicator.retryRefused()
    await until('it was tried again', async () => (await refused()).every(({ attempts }) => attempts === 2))
    expect(await atHub(`${mrn}:Observation:a`)).toBe(false)
  })

  test('law 4: sends a refused document again on request', async () => {
    await engine.write({ ...location('101', 'asked'), facility: '102' })
    await engine.start(access)
    await engine.idle()
    engine.replicator.retryRefused()
    await until('it was tried again', async () => (await engine.replicator.refusedPage('', 1))[0]?.attempts === 2)
  })

  test('a CouchDB without a gate in front of it is as good a peer', async () => {
    const [, account = ''] = hub.couchAuthorization.split(' ')
    const [nodeName = '', ...password] = Buffer.from(account, 'base64').toString().split(':')
    const couch = { syncUrl: `${hub.couchUrl}/ehr`, nodeName, syncPassword: password.join(':') }
    await engine.write(location('101', 'straight'))
    await engine.start(couch)
    await engine.idle()
    await engine.stop()
    await engine.write(location('101', 'straight-after-a-restart'))
    await engine.start(couch)
    await engine.idle()
    expect(await Promise.all(['101:Location:straight', '101:Location:straight-after-a-restart'].map(atHub))).toEqual([
      true,
      true,
    ])
  })

  test('R8: goes on where it was after a restart, and compares only what follows', async () => {
    const proxy = await startCountingProxy(hub.url, '/sync')
    const through = { ...access, syncUrl: `${proxy.url}/sync/ehr` }
    await engine.write(...Array.from({ length: 500 }, (_, index) => location('101', `restart${index}`)))
    await engine.start(through)
    await engine.idle()
    await engine.stop()
    await engine.write(location('101', 'after-restart'))
    proxy.reset()
    await engine.start(through)
    await engine.idle()
    expect(await atHub('101:Location:after-restart')).toBe(true)
    // Reading the checkpoint, claiming it, asking about one document, sending it, moving the checkpoint.
    expect(proxy.traffic()).toMatchObject({ requests: 5, connections: 1 })
    expect(proxy.traffic().bytes).toBeLessThan(6_000)
    await engine.stop()
    await proxy.stop()
  })
})

describe('two machines with the same data', () => {
  test('R18: a clone is noticed by both, and neither goes on', async () => {
    const hub = await startHub()
    const { nodeName, syncPassword } = await registerNode(hub, '101')
    const access = { syncUrl: `${hub.url}/sync/ehr`, nodeName, syncPassword }
    await engine.write(location('101', 'before'))
    await engine.start(access)
    await engine.idle()
    await engine.close()
    const copy = await temporaryFolder()
    cpSync(folder.path, copy.path, { recursive: true })
    engine = await Engine.open(folder.path)
    const clone = await Engine.open(copy.path)
    await engine.start(access)
    await engine.write(location('101', 'of-the-first'))
    await engine.idle()
    await clone.start(access)
    await clone.write(location('101', 'of-the-clone'))
    await clone.idle()
    await engine.write(location('101', 'after'))
    const contested = async (one: Engine) => (await one.replicator.status()).state === 'contested'
    await until('the first notices', () => contested(engine))
    await clone.write(location('101', 'after-of-the-clone'))
    await until('the clone notices', () => contested(clone))
    expect(await clone.replicator.status()).toMatchObject({ reason: expect.stringMatching(/Another machine/) })
    // Refused before anything is written: the hub has what came before the clone, and what the clone sent.
    const { body } = await hub.couch('/ehr/_all_docs')
    const ids = (body as { rows: { id: string }[] }).rows.map(({ id }) => id)
    expect(ids.filter((id) => id.startsWith('101:'))).toEqual(
      ['before', 'of-the-clone', 'of-the-first'].map((local) => `101:Location:${local}`),
    )
    await clone.close()
    await copy.remove()
    await hub.remove()
  }, 60_000)
})

describe('against a peer with faults', () => {
  const access = (url: string): HubAccess => ({ syncUrl: url, nodeName: 'node-101', syncPassword: 'secret' })
  /** A hub's memory: documents and the checkpoint with its revision, which can be put back to an earlier state. */
  const startPeer = () => {
    let state = { documents: new Map<string, unknown>(), checkpoint: undefined as object | undefined, revision: 0 }
    const answer = ({ method, path, body }: ReceivedRequest): ScriptedAnswer => {
      if (path.startsWith('/_local') && method === 'GET') {
        return state.checkpoint
          ? { status: 200, body: { ...state.checkpoint, _rev: `0-${state.revision}` } }
          : { status: 404, body: { error: 'not_found', reason: 'missing' } }
      }
      if (path.startsWith('/_local')) {
        const { _rev, ...checkpoint } = body as { _rev?: string }
        if (_rev !== (state.checkpoint ? `0-${state.revision}` : undefined)) {
          return { status: 409, body: { error: 'conflict', reason: 'stale' } }
        }
        state = { ...state, checkpoint, revision: state.revision + 1 }
        return { status: 201, body: { ok: true, rev: `0-${state.revision}` } }
      }
      if (path === '/_revs_diff') {
        const lacking = Object.entries(body as Record<string, string[]>).filter(([id]) => !state.documents.has(id))
        return { status: 200, body: Object.fromEntries(lacking.map(([id, missing]) => [id, { missing }])) }
      }
      for (const doc of (body as { docs: { _id: string }[] }).docs) state.documents.set(doc._id, doc)
      return { status: 201, body: [] }
    }
    return {
      answer,
      ids: () => [...state.documents.keys()].sort(),
      copy: () => ({ ...state, documents: new Map(state.documents) }),
      restore: (earlier: typeof state) => {
        state = earlier
      },
    }
  }

  test('R5: asks no more once the hub lacked a batch', async () => {
    const peer = await startScriptedServer(pushedTo)
    const big = Array.from({ length: 12 }, (_, index) => location('101', `big${index}`, 'x'.repeat(400_000)))
    await engine.write(...big)
    await engine.start(access(peer.url))
    await engine.idle()
    const paths = peer.received.map(({ path }) => path)
    expect(paths.filter((path) => path === '/_bulk_docs').length).toBeGreaterThan(2)
    expect(paths.filter((path) => path === '/_revs_diff')).toHaveLength(1)
    expect(peer.connections()).toBe(1)
    await engine.stop()
    await peer.stop()
  })

  test('R5: asks nobody where neither end knows of any push', async () => {
    const peer = await startScriptedServer(healthy)
    await engine.write(location('101', 'a'), location('101', 'b'))
    await engine.start(access(peer.url))
    await engine.idle()
    expect(peer.received.map(({ method, path }) => `${method} ${path.replace(/lontar-push/, '*')}`)).toEqual([
      'GET /_local/*',
      'PUT /_local/*',
      'POST /_bulk_docs',
      'PUT /_local/*',
    ])
    await engine.stop()
    await peer.stop()
  })

  test('R29: its session is on top of the hub’s checkpoint before it sends, and claims no more than was agreed', async () => {
    const peer = await startScriptedServer(pushedTo)
    await engine.start(access(peer.url))
    await engine.idle()
    // Who sends nothing claims nothing.
    expect(peer.received.map(({ method }) => method)).toEqual(['GET'])
    await engine.write(location('101', 'a'))
    await engine.idle()
    await engine.write(location('101', 'b'))
    await engine.idle()
    const writes = peer.received.filter(({ method, path }) => method === 'PUT' || path === '/_bulk_docs')
    expect(writes.map(({ method }) => method)).toEqual(['PUT', 'POST', 'PUT', 'POST', 'PUT'])
    const [claim, first, , second] = writes
    const session = first?.headers['lontar-session']
    expect(second?.headers['lontar-session']).toBe(session)
    expect(claim?.body).toMatchObject({
      _rev: '0-1',
      history: [
        { session_id: session, recorded_seq: 0 },
        { session_id: 'earlier', recorded_seq: 0 },
      ],
    })
    await engine.stop()
    await peer.stop()
  })

  test('R29: compares at once where the hub does not know its session, and waits where that does not help', async () => {
    let isRefused = 1
    const peer = await startScriptedServer((request) =>
      request.path === '/_bulk_docs' && isRefused-- > 0
        ? { status: 409, body: { error: 'SESSION_SUPERSEDED', reason: 'restored' } }
        : healthy(request),
    )
    await engine.write(location('101', 'a'))
    await engine.start(access(peer.url))
    await engine.idle()
    expect(peer.received.map(({ method, path }) => (path === '/_bulk_docs' ? 'batch' : method))).toEqual([
      ...['GET', 'PUT', 'batch'],
      ...['GET', 'PUT', 'batch', 'PUT'],
    ])
    isRefused = Number.POSITIVE_INFINITY
    await engine.write(location('101', 'b'))
    const waiting = await until('it waits', async () => {
      const status = await engine.replicator.status()
      return status.state === 'waiting' && status
    })
    expect(waiting).toMatchObject({ reason: FAILURE_SENTENCES['hub-fault'] })
    await engine.stop()
    await peer.stop()
  })

  test('R3: another hub, or one that lost its data, gets everything', async () => {
    const [first, second] = [await startScriptedServer(healthy), await startScriptedServer(healthy)]
    await engine.write(location('101', 'a'), location('101', 'b'))
    await engine.start(access(first.url))
    await engine.idle()
    engine.replicator.useAccess(access(second.url))
    const sentTo = () =>
      second.received.flatMap(({ path, body }) => (path === '/_bulk_docs' ? (body as { docs: object[] }).docs : []))
    await until('the other hub has it all', async () => sentTo().length === 2)
    await engine.stop()
    await first.stop()
    await second.stop()
  })

  test('R19: a hub that was restored from an older copy gets again what it lost', async () => {
    const peer = startPeer()
    await engine.write(location('101', 'kept'))
    const server = await startScriptedServer(peer.answer)
    await engine.start(access(server.url))
    await engine.idle()
    const backup = peer.copy()
    await engine.write(location('101', 'lost'))
    await engine.idle()
    expect(peer.ids()).toEqual(['101:Location:kept', '101:Location:lost'])
    peer.restore(backup)
    await engine.write(location('101', 'new'))
    await until('it has everything again', async () => peer.ids().length === 3)
    await engine.stop()
    await server.stop()
  })

  test('R8: goes on at a checkpoint that the hub has kept, though the answer to it was lost', async () => {
    let kept: object | undefined
    let isLost = true
    const peer = await startScriptedServer((request) => {
      const { method, path, body } = request
      if (!path.startsWith('/_local')) return healthy(request)
      if (method === 'GET') return kept ? { status: 200, body: { ...kept, _rev: '0-1' } } : { status: 404, body: {} }
      kept = body as object
      const answer: ScriptedAnswer = isLost ? 'cut' : { status: 201, body: { rev: '0-1' } }
      isLost = false
      return answer
    })
    await engine.write(location('101', 'a'), location('101', 'b'))
    await engine.start(access(peer.url))
    await engine.idle()
    expect(peer.received.filter(({ path }) => path === '/_bulk_docs')).toHaveLength(1)
    await engine.stop()
    await peer.stop()
  })

  test('law 5: counts nothing as synced before the answer', async () => {
    const peer = await startScriptedServer((request) => (request.path === '/_bulk_docs' ? 'hang' : healthy(request)))
    await engine.write(location('101', 'waiting'))
    await engine.start(access(peer.url))
    await until('the body was sent', async () => peer.received.some(({ path }) => path === '/_bulk_docs'))
    expect(await engine.replicator.status()).toMatchObject({
      state: 'pushing',
      pendingDocuments: 1,
      lastAcknowledgedAt: null,
    })
    await engine.stop()
    await peer.stop()
  })

  test.each<[string, ScriptedAnswer]>([
    ['a cut connection', 'cut'],
    ['a login page', { status: 200, text: '<html>' }],
    ['503', { status: 503, body: { error: 'OVERLOADED', reason: '' } }],
    ['500', { status: 500, body: { error: 'INTERNAL', reason: '' } }],
  ])('comes back by itself after %s', async (_what, fault) => {
    let faults = 0
    const peer = await startScriptedServer((request) =>
      request.path === '/_bulk_docs' && faults++ < 2 ? fault : healthy(request),
    )
    await engine.write(location('101', 'patient'))
    await engine.start(access(peer.url))
    await engine.idle()
    expect((await engine.replicator.status()).lastAcknowledgedAt).not.toBeNull()
    expect(engine.reachable).toBeGreaterThan(0)
    await engine.stop()
    await peer.stop()
  })

  test('R12: 401 asks for new credentials, and goes on at once with them', async () => {
    const peer = await startScriptedServer((request) =>
      request.headers.authorization === `Basic ${Buffer.from('node-101:new').toString('base64')}`
        ? healthy(request)
        : { status: 401, body: { error: 'UNAUTHENTICATED', reason: '' } },
    )
    await engine.write(location('101', 'rotated'))
    await engine.start(access(peer.url))
    await until('new credentials are asked for', async () => engine.unauthorized > 0)
    expect(await engine.replicator.status()).toMatchObject({ state: 'waiting', reason: expect.any(String) })
    engine.replicator.useAccess({ ...access(peer.url), syncPassword: 'new' })
    await engine.idle()
    await engine.stop()
    await peer.stop()
  })

  test('stops at once while a request hangs', async () => {
    const peer = await startScriptedServer(() => 'hang')
    await engine.start(access(peer.url))
    await until('it asks', async () => peer.received.length > 0)
    await engine.stop()
    await peer.stop()
  })
})
