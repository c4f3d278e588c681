import { accessRouter } from '../../../hub/access/access-router'
import { openAuditLog } from '../../../hub/audit/audit-log'
import { auditDatabaseOf } from '../../../hub/audit/couch-audit'
import { btgRoutes } from '../../../hub/consent/routes'
import { type Couch, connect } from '../../../hub/couch/connect'
import { setUpCouch } from '../../../hub/couch/set-up'
import { disclosureRoutes } from '../../../hub/disclosures/routes'
import { ANSWERS } from '../../../hub/limits/limits'
import { CodedError } from '../../../protocol/error-codes'
import { refusalOf } from '../../../protocol/refusal-of'
import { closeApp, type HttpServer, listen, openApp } from '../../../runtime/http-server'
import { createLog } from '../../../runtime/log'
import { UntakenAnswers } from '../../../runtime/untaken-answers'
import type { AuditEntry, BtgList, DisclosureList } from '../../../schemas/generated/types'
import { isBtgList, isBtgReview, isDisclosureList } from '../../../schemas/generated/validators'
import { askJson } from '../../support/ask'
import { startCouch, type TestCouch } from '../../support/couch'
import { nodeDocument } from '../import/hub-of-fakes'

/** What was read, as the owner of a record and the reviewers see it: the routes over a real store and a real audit. */
let store: TestCouch
let couch: Couch
let server: HttpServer
let audit: ReturnType<typeof openAuditLog>
let asker = '101'

const MRN = '10100000042'
const SEVEN_DIGITS = '1010000001'
const OF_LONGER_ID = '101200000017'

beforeAll(async () => {
  store = await startCouch()
  couch = connect(store.address)
  const log = createLog('hub', 'silent')
  await setUpCouch(couch, { log, signal: AbortSignal.timeout(60_000) })
  const database = auditDatabaseOf(couch.database('audit'))
  audit = openAuditLog(database)
  const app = openApp(log)
  const names: Record<string, string> = { 'node-102': 'RSUD Ende' }
  const never = () => Promise.reject(new CodedError('UNAUTHENTICATED', 'Not here.'))
  app.use(
    accessRouter(
      {
        ...disclosureRoutes({ database, nameOf: async (name) => names[name], answers: new UntakenAnswers(ANSWERS) }),
        ...btgRoutes({ database, entryOf: (id) => couch.database('audit').get(id), writeAudit: audit.write }),
      },
      {
        claim: never,
        'metrics token': never,
        'node password': async () => ({
          kind: 'node',
          password: 'x',
          node: { ...nodeDocument(), nodeName: `node-${asker}`, externalId: asker },
        }),
        operator: async () => ({ kind: 'operator', name: 'siti', role: 'auditor', via: 'session' }),
      },
    ),
  )
  closeApp(
    app,
    log,
    (error, { path }) => refusalOf(error, path, () => String(error)),
    () => new CodedError('NOT_FOUND', 'There is nothing here.'),
  )
  server = await listen(app, { host: '127.0.0.1', port: 0, setting: 'HUB_PORT' })
  for (const entry of ENTRIES) await audit.write({ kind: 'import', action: 'Patient/$everything', ...entry })
}, 60_000)

afterAll(async () => {
  await server?.stop()
  await audit?.stop()
  await couch?.stop()
  await store?.stop()
})

const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 7, minute)).toISOString()
type Read = Partial<AuditEntry> & Pick<AuditEntry, 'outcome'>
const ENTRIES: Read[] = [
  { _id: 'node-102:a', at: at(1), node: 'node-102', mrn: MRN, purpose: 'TREAT', outcome: 'allowed' },
  {
    _id: 'node-102:b',
    at: at(2),
    node: 'node-102',
    mrn: MRN,
    purpose: 'BTG',
    reason: 'unconscious',
    overridden: 3,
    outcome: 'allowed',
  },
  {
    _id: 'node-102:c',
    at: at(3),
    node: 'node-102',
    mrn: MRN,
    purpose: 'TREAT',
    outcome: 'refused',
    code: 'CONSENT_REFUSED',
  },
  { _id: 'node-101:d', at: at(4), node: 'node-101', mrn: MRN, purpose: 'TREAT', outcome: 'allowed' },
  {
    _id: 'node-103:e',
    at: at(5),
    node: 'node-103',
    mrn: '10400000016',
    linked: [MRN, SEVEN_DIGITS],
    purpose: 'TREAT',
    outcome: 'allowed',
  },
  {
    _id: 'node-103:f',
    at: at(6),
    node: 'node-103',
    mrn: OF_LONGER_ID,
    purpose: 'BTG',
    reason: 'fire',
    overridden: 0,
    outcome: 'allowed',
  },
  {
    _id: 'node-102:g',
    at: at(7),
    node: 'node-102',
    mrn: MRN,
    purpose: 'BTG',
    reason: 'x',
    outcome: 'refused',
    code: 'CONSENT_REFUSED',
  },
]

async function disclosures(query = '', externalId = '101') {
  asker = externalId
  const { status, body } = await askJson(`${server.url}/node/disclosures${query}`, undefined)
  if (status !== 200) return { status, body, read: [] }
  expect(isDisclosureList(body)).toBe(true)
  const list = body as DisclosureList
  return { status, body, list, read: list.disclosures.map(({ id, mrn }) => `${id} ${mrn}`) }
}

describe('GET /node/disclosures', () => {
  test('has who read records of this facility, linked ones too, and neither refusals nor what it read itself', async () => {
    const { list, read } = await disclosures()
    expect(read).toEqual([`node-102:a ${MRN}`, `node-102:b ${MRN}`, `node-103:e ${SEVEN_DIGITS}`, `node-103:e ${MRN}`])
    expect([list?.disclosures[1], list?.disclosures[3]]).toEqual([
      {
        id: 'node-102:b',
        at: at(2),
        mrn: MRN,
        facility: { externalId: '102', name: 'RSUD Ende' },
        purpose: 'BTG',
        reason: 'unconscious',
        breaksGlass: true,
      },
      { id: 'node-103:e', at: at(5), mrn: MRN, facility: { externalId: '103' }, purpose: 'TREAT', breaksGlass: false },
    ])
  })

  test('has nothing of another facility, also of one whose ID begins with this one’s', async () => {
    expect((await disclosures('', '104')).read).toEqual(['node-103:e 10400000016'])
    expect((await disclosures('', '1012')).read).toEqual([`node-103:f ${OF_LONGER_ID}`])
    expect((await disclosures('', '102')).read).toEqual([])
  })

  test('is filtered and paged', async () => {
    expect((await disclosures(`?mrn=${SEVEN_DIGITS}`)).read).toEqual([`node-103:e ${SEVEN_DIGITS}`])
    expect((await disclosures(`?from=${at(2)}&to=${at(5)}`)).read).toEqual([`node-102:b ${MRN}`])
    const read: string[] = []
    let cursor: string | undefined = ''
    for (let pages = 0; cursor !== undefined; pages++) {
      expect(pages).toBeLessThan(5)
      const page = await disclosures(`?limit=1${cursor && `&cursor=${cursor}`}`)
      read.push(...page.read)
      cursor = page.list?.next
    }
    expect(read).toEqual((await disclosures()).read)
  })

  test.each([
    ['another facility’s MRN', '?mrn=10400000016'],
    ['what is no MRN', '?mrn=x'],
    ['a moment of no form', '?from=yesterday'],
    ['a cursor of another facility', `?cursor=${Buffer.from('["104","x","x","x"]').toString('base64url')}`],
    ['a filter that is misspelt', '?mnr=10100000042'],
  ])('refuses %s', async (_what, query) => {
    expect(await disclosures(query)).toMatchObject({ status: 400, body: { error: 'INVALID_REQUEST' } })
  })
})

async function glass(query = ''): Promise<{ status: number; body: unknown; list: string[] }> {
  const { status, body } = await askJson(`${server.url}/operator/btg${query}`, undefined)
  if (status === 200) expect(isBtgList(body)).toBe(true)
  return { status, body, list: ((body as BtgList).entries ?? []).map((entry) => `${entry.auditId} ${entry.status}`) }
}

const review = (id: string, finding: unknown) =>
  askJson(`${server.url}/operator/btg/${encodeURIComponent(id)}/review`, undefined, {
    method: 'POST',
    body: { finding },
  })

describe('GET /operator/btg', () => {
  test('has the imports that broke the glass and were released, with what they overrode', async () => {
    const { body, list } = await glass()
    expect(list).toEqual(['node-102:b open', 'node-103:f open'])
    expect((body as BtgList).entries[0]).toEqual({
      auditId: 'node-102:b',
      at: at(2),
      node: 'node-102',
      mrn: MRN,
      reason: 'unconscious',
      overridden: 3,
      status: 'open',
      reviews: [],
    })
  })

  test.each([
    ['an import that broke nothing', 'node-102:a', 404, 'BTG_UNKNOWN'],
    ['a refused one', 'node-102:g', 404, 'BTG_UNKNOWN'],
    ['one that is not there', 'node-102:zz', 404, 'BTG_UNKNOWN'],
    ['a design document', '_design/reads', 404, 'BTG_UNKNOWN'],
    ['a finding without words', 'node-102:b', 400, 'INVALID_REQUEST'],
  ])('takes no review of %s', async (_what, id, status, error) => {
    expect(await review(id, status === 400 ? '' : 'In order.')).toMatchObject({ status, body: { error } })
    expect((await glass()).list).toEqual(['node-102:b open', 'node-103:f open'])
  })

  test('shows what was found; each review is an entry of the audit, and none replaces another', async () => {
    const { status, body } = await review('node-102:b', 'No reason on file.')
    expect([status, isBtgReview(body)]).toEqual([200, true])
    await review('node-102:b', 'The reason came by letter.')
    const [entry] = ((await glass('?status=reviewed')).body as BtgList).entries
    expect(entry).toMatchObject({ auditId: 'node-102:b', status: 'reviewed' })
    expect(entry?.reviews.map(({ finding, operator }) => [finding, operator])).toEqual([
      ['No reason on file.', 'siti'],
      ['The reason came by letter.', 'siti'],
    ])
    const { body: first } = await glass()
    expect((first as BtgList).entries).toHaveLength(2)
    const kept = (await couch.database('audit').allDocs<AuditEntry>({ includeDocs: true })).flatMap(
      ({ doc }) => doc ?? [],
    )
    expect(kept.filter(({ kind }) => kind === 'consent-review')).toEqual([
      expect.objectContaining({
        action: 'review',
        operator: 'siti',
        node: 'node-102',
        mrn: MRN,
        reviewed: 'node-102:b',
      }),
      expect.objectContaining({ finding: 'The reason came by letter.' }),
    ])
    expect(kept.find(({ _id }) => _id === 'node-102:b')).toMatchObject({ _rev: expect.stringMatching(/^1-/) })
  })

  test('is filtered and paged', async () => {
    expect((await glass('?status=open')).list).toEqual(['node-103:f open'])
    expect((await glass(`?from=${at(3)}`)).list).toEqual(['node-103:f open'])
    expect((await glass(`?to=${at(3)}`)).list).toEqual(['node-102:b reviewed'])
    const { body, list } = await glass('?limit=1')
    const { next } = body as BtgList
    expect([list, (await glass(`?limit=1&cursor=${next}`)).list]).toEqual([
      ['node-102:b reviewed'],
      ['node-103:f open'],
    ])
    expect(await glass('?status=closed')).toMatchObject({ status: 400 })
  })
})

test.each(['/node/disclosures', '/operator/btg'])(
  'a time that ends before it begins has nothing in it: %s',
  async (path) => {
    const { status, body } = await askJson(`${server.url}${path}?from=2026-11-23&to=2026-11-22`, undefined)
    expect(status).toBe(200)
    expect(Object.values(body as object)).toEqual([[]])
  },
)
