import { digestOf, itemOf, itemsIn } from '../../../protocol/verify-digest'
import type { VerifyAnswer } from '../../../schemas/generated/types'
import { askJson, basic } from '../../support/ask'
import { type RunningHub, startHub } from '../../support/hub'
import { type NodeAccount, registerNode } from '../../support/node'
import { firstRevision, location } from '../../support/records'

let hub: RunningHub
let node: NodeAccount
let other: NodeAccount
const HASH = '0'.repeat(32)
const BEGIN = { nonce: 'A'.repeat(22), upTo: 7 }
const OWN = { from: '101:Location:a', to: '101:Location:c' }

beforeAll(async () => {
  hub = await startHub()
  node = await registerNode(hub, '101')
  other = await registerNode(hub, '102')
  for (const account of [node, other]) {
    const docs = ['a', 'b', 'c'].map((local) => firstRevision(location(account.externalId, local), HASH))
    const answer = await askJson(`${hub.url}/sync/ehr/_bulk_docs`, as(account), {
      method: 'POST',
      body: { new_edits: false, docs },
    })
    expect(answer).toMatchObject({ status: 201, body: [] })
  }
}, 60_000)
afterAll(() => hub?.remove())

const as = ({ nodeName, syncPassword }: NodeAccount) => basic(nodeName, syncPassword)
const verify = (body: unknown, account = node) =>
  askJson(`${hub.url}/node/verify`, as(account), { method: 'POST', body })
const entry = (local: string, externalId = '101') => ({ id: `${externalId}:Location:${local}`, rev: `1-${HASH}` })

describe('refuses', () => {
  test.each([
    ['another facility’s range', { from: '102:Location:a', to: '102:Location:c' }],
    ['a range into another facility’s', { from: '101:Location:a', to: '102:Location:c' }],
    ['a range from an id that nobody owns', { from: '1', to: '101:Location:c' }],
    ['another facility’s id as deleted', { ...OWN, deleted: ['102:Location:a'] }],
    ['another facility’s id as left out', { ...OWN, except: ['102:Location:a'] }],
  ])('%s', async (_what, range) => {
    expect(await verify({ ranges: [range] })).toMatchObject({ status: 403, body: { error: 'FORBIDDEN' } })
  })

  test.each([
    ['a range that ends before it begins', { ranges: [{ from: OWN.to, to: OWN.from }] }],
    ['an id outside of its range', { ranges: [{ ...OWN, deleted: ['101:Location:x'] }] }],
    ['a pass that nobody gave out', { ranges: [OWN], pass: `eyJ9.${'A'.repeat(43)}` }],
    ['ranges that count a document twice', { ranges: [OWN, OWN], begin: BEGIN }],
    ['a body of another form', { keys: ['101:Location:a'] }],
    ['more ranges than one request may have', { ranges: Array.from({ length: 513 }, () => OWN) }],
  ])('%s', async (_what, body) => {
    expect(await verify(body)).toMatchObject({ status: 400, body: { error: 'INVALID_REQUEST' } })
  })

  test('whoever is no node', async () => {
    const nobody = await askJson(`${hub.url}/node/verify`, undefined, { method: 'POST', body: { ranges: [OWN] } })
    expect(nobody).toMatchObject({ status: 401, body: { error: 'UNAUTHENTICATED' } })
    const operator = await hub.operator('/node/verify', { method: 'POST', body: { ranges: [OWN] } })
    expect(operator.status).toBe(401)
  })

  test('another node’s pass', async () => {
    const { pass } = (await verify({ ranges: [OWN], begin: BEGIN })).body as VerifyAnswer
    const range = { from: '102:Location:a', to: '102:Location:c' }
    expect((await verify({ ranges: [range], pass }, other)).status).toBe(400)
    expect((await verify({ ranges: [{ from: '101:Location:d', to: '101:Location:e' }], pass })).status).toBe(200)
  })

  test('a receipt for less than there is, and keeps none', async () => {
    const finish = { count: 2, digest: digestOf([]) }
    const { body } = await verify({ ranges: [OWN], begin: BEGIN, finish })
    expect(body).toEqual({ ranges: [expect.objectContaining({ count: 3 })] })
    expect((await hub.operator('/operator/nodes/node-101/receipt')).status).toBe(404)
  })

  test('a node, and anybody, the receipts of the operators', async () => {
    const path = `${hub.url}/operator/nodes/node-101/receipt`
    expect((await askJson(path, as(node))).status).toBe(401)
    expect((await askJson(path, undefined)).status).toBe(401)
    expect((await hub.operator('/operator/nodes/node-999/receipt')).status).toBe(404)
  })
})

test('counts a range, and lists it by items where that is asked for', async () => {
  const items = ['a', 'b', 'c'].map((local) => itemOf(entry(local)))
  const { body } = await verify({ ranges: [OWN, { ...OWN, list: true, except: ['101:Location:b'] }] })
  const { ranges } = body as { ranges: { count: number; digest: string; items?: string }[] }
  expect(ranges[0]).toEqual({ count: 3, digest: digestOf(items) })
  expect(ranges[1]?.count).toBe(2)
  expect(itemsIn(ranges[1]?.items ?? '')).toEqual([items[0], items[2]])
})

test('counts a tombstone where it is named, with its own revision', async () => {
  const doc = {
    _id: '101:Location:gone',
    _deleted: true,
    _rev: `2-${HASH}`,
    _revisions: { start: 2, ids: [HASH, '1'.repeat(32)] },
  }
  const put = await askJson(`${hub.url}/sync/ehr/_bulk_docs`, as(node), {
    method: 'POST',
    body: { new_edits: false, docs: [doc] },
  })
  expect(put).toMatchObject({ status: 201, body: [] })
  const range = { from: doc._id, to: doc._id }
  const named = { ...range, deleted: [doc._id] }
  const { body } = await verify({ ranges: [range, named] })
  expect(body).toEqual({
    ranges: [
      { count: 0, digest: digestOf([]) },
      { count: 1, digest: digestOf([itemOf({ id: doc._id, rev: doc._rev })]) },
    ],
  })
})

test('shows the key of receipts to anybody, always the same', async () => {
  const { body } = await askJson(`${hub.url}/receipt-key`, undefined)
  expect(body).toMatchObject({ algorithm: 'Ed25519', hubId: expect.any(String) })
  expect((await askJson(`${hub.url}/receipt-key`, as(node))).body).toEqual(body)
})
