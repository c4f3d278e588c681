import { brotliCompressSync, gzipSync } from 'node:zlib'
import { checked } from '../../../schemas/check'
import { isRefusalList } from '../../../schemas/generated/validators'
import { askJson, basic } from '../../support/ask'
import { type RunningHub, startHub } from '../../support/hub'
import { type NodeAccount, registerNode } from '../../support/node'
import { firstRevision, location as record } from '../../support/records'

let hub: RunningHub
let node: NodeAccount
let neighbour: NodeAccount

beforeAll(async () => {
  hub = await startHub()
  node = await registerNode(hub, '101')
  neighbour = await registerNode(hub, '102')
}, 60_000)
afterAll(() => hub?.remove())

const as =
  (account: NodeAccount) =>
  (path: string, options: Parameters<typeof askJson>[2] = {}) =>
    askJson(`${hub.url}/sync/ehr${path}`, basic(account.nodeName, account.syncPassword), options)
const post = (account: NodeAccount, path: string, body: unknown) => as(account)(path, { method: 'POST', body })

let counter = 0
/** A new one each time, as a replicator sends it. */
function location(externalId: string, local = `l${++counter}`) {
  return firstRevision(record(externalId, local), String(++counter).padStart(32, '0'))
}
const tombstone = (id: string) => ({
  _id: id,
  _rev: '2-ffffffffffffffffffffffffffffffff',
  _deleted: true,
  _revisions: { start: 2, ids: ['ffffffffffffffffffffffffffffffff', '00000000000000000000000000000001'] },
})
const push = (account: NodeAccount, ...docs: object[]) => post(account, '/_bulk_docs', { new_edits: false, docs })
const atHub = async (id: string) => hub.couch(`/ehr/${encodeURIComponent(id)}`)

describe('law 1 at the gate', () => {
  test.each([
    ['another facility’s document', location('102')],
    ['a facility whose external ID begins with ours', location('1012')],
    ['a tombstone of another facility’s document', tombstone('102:Location:x')],
    ['a document without a prefix', { ...location('101'), _id: 'Location' }],
    ['the external ID alone', { ...location('101'), _id: '101' }],
    ['an id with a part too many', { ...location('101'), _id: '101:Location:a:b' }],
    ['a member of CouchDB’s own', { ...location('101'), _strange: true }],
    ['a design document', { ...location('101'), _id: '_design/mine' }],
    ['a local document', { ...location('101'), _id: '_local/mine' }],
  ])('%s is refused alone, and the others are taken', async (_what, foreign) => {
    const own = location('101')
    const { status, body } = await push(node, foreign, own)
    expect(status).toBe(201)
    expect(body).toEqual([{ id: foreign._id, error: 'forbidden', reason: expect.any(String) }])
    expect((await atHub(own._id)).status).toBe(200)
    // A partitioned database answers 400 for an id that has no partition.
    expect([400, 404]).toContain((await hub.couch(`/ehr/${foreign._id.replace(':', '%3A')}`)).status)
  })

  test.each([
    ['without its data', { content_type: 'image/png', follows: true, length: 3 }],
    ['that is a stub', { content_type: 'image/png', stub: true, revpos: 1, digest: 'md5-AAAAAAAAAAAAAAAAAAAAAA==' }],
    ['without its type', { data: 'QUJD' }],
    ['with an empty type', { content_type: '', data: 'QUJD' }],
    ['that is none', 7],
  ])('an attachment %s is refused with its document alone, and ends nothing', async (_what, photo) => {
    const [bad, own] = [{ ...location('101'), _attachments: { photo } }, location('101')]
    const { status, body } = await push(node, bad, own)
    expect(status).toBe(201)
    expect(body).toEqual([{ id: bad._id, error: 'forbidden', reason: expect.any(String) }])
    expect((await atHub(own._id)).status).toBe(200)
  })

  test.each([
    ['larger than CouchDB takes', { text: 'x'.repeat(9_000_000) }],
    ['with half a character', { text: '\ud800' }],
    ['with data that is not base64', { _attachments: { photo: { content_type: 'image/png', data: '***' } } }],
  ])('a document %s holds up no other', async (_what, more) => {
    const [bad, own] = [{ ...location('101'), ...more }, location('101')]
    const { status, body } = await push(node, bad, own)
    expect(status).toBe(201)
    // The embedded store takes the first two: it has neither limit.
    const refused = [{ id: bad._id, error: 'forbidden', reason: expect.any(String) }]
    expect(body).toEqual((await atHub(bad._id)).status === 200 ? [] : refused)
    expect((await atHub(own._id)).status).toBe(200)
  })

  test('a tombstone can not delete what another facility has', async () => {
    const theirs = location('102')
    await push(neighbour, theirs)
    await push(node, {
      ...tombstone(theirs._id),
      _revisions: { start: 2, ids: ['f'.repeat(32), theirs._rev.slice(2)] },
    })
    expect((await atHub(theirs._id)).body).toMatchObject({ _rev: theirs._rev })
  })

  test('an own tombstone is taken', async () => {
    const own = location('101')
    await push(node, own)
    const { body } = await push(node, {
      _id: own._id,
      _rev: `2-${'e'.repeat(32)}`,
      _deleted: true,
      _revisions: { start: 2, ids: ['e'.repeat(32), own._rev.slice(2)] },
    })
    expect(body).toEqual([])
    expect((await atHub(own._id)).status).toBe(404)
  })

  test('what passes the gate and not the validator is refused by the database, in the same form', async () => {
    const wrong = { ...location('101'), facility: '102' }
    const { status, body } = await push(node, wrong)
    expect({ status, body }).toMatchObject({
      status: 201,
      body: [{ id: wrong._id, error: 'forbidden', reason: expect.any(String) }],
    })
    expect(body).toHaveLength(1)
  })
})

describe('_revs_diff', () => {
  test('tells which own revisions are missing', async () => {
    const own = location('101')
    await push(node, own)
    const { body } = await post(node, '/_revs_diff', { [own._id]: [own._rev, '2-b'], '101:Location:none': ['1-a'] })
    expect(body).toMatchObject({ [own._id]: { missing: ['2-b'] }, '101:Location:none': { missing: ['1-a'] } })
  })

  test('tells nothing about another facility’s', async () => {
    const theirs = location('102')
    await push(neighbour, theirs)
    const { body } = await post(node, '/_revs_diff', { [theirs._id]: [theirs._rev] })
    expect(body).toEqual({ [theirs._id]: { missing: [theirs._rev] } })
  })
})

describe('checkpoints', () => {
  test('each node has its own under the same id', async () => {
    const mine = await as(node)('/_local/cp', { method: 'PUT', body: { _id: '_local/cp', seq: 7 } })
    expect(mine).toMatchObject({ status: 201, body: { ok: true, id: '_local/cp' } })
    expect((await as(neighbour)('/_local/cp')).status).toBe(404)
    await as(neighbour)('/_local/cp', { method: 'PUT', body: { _id: '_local/cp', seq: 9 } })
    expect((await as(node)('/_local/cp')).body).toMatchObject({ _id: '_local/cp', seq: 7 })
  })

  test.each(['node-102:cp', '../_local/cp', '%2e%2e%2fnode-102:cp'])('%s reaches nobody else’s', async (id) => {
    await as(neighbour)('/_local/cp', { method: 'PUT', body: { seq: 9, whose: 'theirs' } })
    const answer = await as(node)(`/_local/${encodeURIComponent(id)}`)
    expect(answer.status).toBe(404)
  })
})

describe('bodies', () => {
  const raw = (body: Buffer | string, headers: Record<string, string>) =>
    fetch(`${hub.url}/sync/ehr/_bulk_docs`, {
      method: 'POST',
      body: typeof body === 'string' ? body : new Uint8Array(body),
      headers: {
        authorization: basic(node.nodeName, node.syncPassword),
        'content-type': 'application/json',
        ...headers,
      },
    })

  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('%s is unpacked', async (encoding, compress) => {
    const own = location('101')
    const body = compress(Buffer.from(JSON.stringify({ new_edits: false, docs: [own] })))
    expect((await raw(body, { 'content-encoding': encoding })).status).toBe(201)
    expect((await atHub(own._id)).status).toBe(200)
  })

  test('what unpacks to more than the limit is refused before it is read whole', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, ' '))
    const answer = await raw(bomb, { 'content-encoding': 'gzip' })
    expect(answer.status).toBe(413)
    expect(await answer.json()).toMatchObject({ error: 'BODY_TOO_LARGE' })
  })

  test.each([
    ['no JSON', '{"docs":', 400, 'INVALID_JSON'],
    ['no documents', '{}', 400, 'INVALID_REQUEST'],
    ['a list', '[]', 400, 'INVALID_REQUEST'],
    ['a document without an id', '{"docs":[{"type":"Location"}]}', 400, 'INVALID_REQUEST'],
    ['a number for a document', '{"docs":[7]}', 400, 'INVALID_REQUEST'],
  ])('%s is %s', async (_what, body, status, error) => {
    const answer = await raw(body, {})
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({ status, body: { error } })
  })

  test('an unknown encoding', async () => {
    expect((await raw('{}', { 'content-encoding': 'zstd' })).status).toBe(415)
  })
})

describe('law 4 at the hub', () => {
  const refusedAtHub = async () => {
    const { body } = await hub.operator('/operator/refused?node=node-102')
    return checked(isRefusalList, body, 'the list').refused
  }

  test('a refused document is on the operator’s list until it is accepted', async () => {
    const own = location('102', 'listed')
    await push(neighbour, { ...own, facility: '101' })
    expect(await refusedAtHub()).toEqual([expect.objectContaining({ docId: own._id, reason: expect.any(String) })])
    await push(neighbour, own)
    expect(await refusedAtHub()).toEqual([])
  })
})
