import { connect } from '../../../hub/couch/connect'
import type { CouchDatabase } from '../../../hub/couch/couch-database'
import { setUpCouch } from '../../../hub/couch/set-up'
import { RefusalList } from '../../../hub/sync/refusal-list'
import { nodesRefusedFor, type RefusedQuery, refusalReasons, refusedPage } from '../../../hub/sync/refused-pages'
import { createLog } from '../../../runtime/log'
import { startCouch, type TestCouch } from '../../support/couch'

let store: TestCouch
let couch: ReturnType<typeof connect>
const nodes = () => couch.database('nodes')

beforeAll(async () => {
  store = await startCouch()
  couch = connect(store.address)
  await setUpCouch(couch, { log: createLog('hub', 'silent'), signal: AbortSignal.timeout(60_000) })
  const list = new RefusalList(nodes(), () => new Date('2026-11-23T07:41:03.120Z'))
  const refusals = (externalId: string, count: number, reason: string) =>
    Array.from({ length: count }, (_, index) => ({
      id: `${externalId}:Location:l${index}`,
      error: 'forbidden',
      reason,
    }))
  await list.note('node-101', refusals('101', 7, 'It is too large.'), [])
  await list.note('node-102', refusals('102', 3, 'It has no form.'), [])
  await list.note('node-1021', refusals('1021', 4, 'It is too large.'), [])
}, 60_000)
afterAll(async () => {
  await couch?.stop()
  await store?.stop()
})

/** Page after page, each with what it shows. */
async function pages(query: RefusedQuery): Promise<string[][]> {
  const all: string[][] = []
  for (let after: string | undefined; all.length < 50; ) {
    const page = await refusedPage(nodes(), { ...query, ...(after !== undefined && { after }) })
    all.push(page.refused.map(({ docId }) => docId))
    after = page.next
    if (after === undefined) break
  }
  return all
}

test.each<[string, RefusedQuery, number[]]>([
  ['all', {}, [14]],
  ['all, in pages', { limit: '5' }, [5, 5, 4]],
  ['pages that end with the list', { limit: '7' }, [7, 7]],
  ['one node, and not another whose name begins with its', { node: 'node-102' }, [3]],
  ['one node in pages', { node: 'node-102', limit: '2' }, [2, 1]],
  ['one reason', { reason: 'It is too large.', limit: '4' }, [4, 4, 3]],
  ['one reason of one node', { reason: 'It is too large.', node: 'node-1021', limit: '3' }, [3, 1]],
  ['a reason that nothing has', { reason: 'It' }, [0]],
])('shows %s', async (_what, query, sizes) => {
  const all = await pages(query)
  expect(all.map(({ length }) => length)).toEqual(sizes)
  expect(new Set(all.flat()).size).toBe(sizes.reduce((sum, size) => sum + size, 0))
})

test.each([
  ['It is too large.', ['node-101', 'node-1021']],
  ['It has no form.', ['node-102']],
  ['It', []],
])('tells which facilities have documents refused because of: %s', async (reason, expected) => {
  expect(await nodesRefusedFor(nodes(), reason)).toEqual(expected)
})

test('goes on after a document that is off the list by then', async () => {
  const first = await refusedPage(nodes(), { node: 'node-101', limit: '3' })
  await new RefusalList(nodes(), () => new Date()).note('node-101', [], [first.refused[2]?.docId ?? ''])
  const second = await refusedPage(nodes(), { node: 'node-101', limit: '3', after: first.next ?? '' })
  expect(second.refused.map(({ docId }) => docId)).toEqual(['101:Location:l3', '101:Location:l4', '101:Location:l5'])
})

test.each<[RefusedQuery]>([
  [{ after: 'x' }],
  [{ limit: '0' }],
  [{ limit: '1001' }],
  [{ reason: 'It has no form.', after: 'WyJhIl0' }],
])('refuses %p', async (query) => {
  await expect(refusedPage(nodes(), query)).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
})

test('says why, those of most documents first, and of how many facilities', async () => {
  const { reasons } = await refusalReasons(nodes())
  expect(reasons).toEqual([
    { reason: 'It is too large.', documents: 10, nodes: 2 },
    { reason: 'It has no form.', documents: 3, nodes: 1 },
  ])
})

describe('what a push costs of a long list', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, at) => `105:Location:l${at}`)
  const refused = (of: readonly string[]) => of.map((id) => ({ id, error: 'forbidden', reason: 'It has no form.' }))
  /** How many rows were read, and how many of them with their document. */
  function counting(): { list: RefusalList; read: { rows: number; documents: number } } {
    const read = { rows: 0, documents: 0 }
    const database = nodes()
    const allDocs: CouchDatabase['allDocs'] = async (selection) => {
      const rows = await database.allDocs(selection)
      read.rows += rows.length
      read.documents += rows.filter(({ doc }) => doc).length
      return rows as never
    }
    const counted = Object.assign(Object.create(database) as CouchDatabase, {
      allDocs,
      bulk: database.bulk.bind(database),
    })
    return { list: new RefusalList(counted, () => new Date()), read }
  }
  const kept = async () => (await pages({ node: 'node-105', limit: '500' })).flat()

  test('is what it names, and the list has a bound that what is taken off makes room in', async () => {
    const { list, read } = counting()
    await list.note('node-105', refused(ids(1_003)), [])
    expect((await kept()).length).toBe(1_000)
    read.rows = read.documents = 0
    await list.note('node-105', [], ['105:Location:other', '105:Location:l7'])
    expect(read).toEqual({ rows: 2, documents: 0 })
    expect(await kept()).not.toContain('105:Location:l7')
    await list.note('node-105', refused(ids(10).slice(8)), [])
    const { refused: again } = await refusedPage(nodes(), { node: 'node-105', limit: '1000' })
    expect(again.filter(({ attempts }) => attempts === 2).map(({ docId }) => docId)).toEqual([
      '105:Location:l8',
      '105:Location:l9',
    ])
    expect(read.documents).toBe(2)
    await list.note('node-105', refused(['105:Location:new1', '105:Location:new2']), [])
    expect((await kept()).filter((id) => id.includes('new'))).toEqual(['105:Location:new1'])
  })
})
