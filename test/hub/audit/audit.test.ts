import type { AuditDatabase } from '../../../hub/audit/audit-database'
import { type AuditLog, type NewAuditEntry, openAuditLog } from '../../../hub/audit/audit-log'
import { auditDatabaseOf } from '../../../hub/audit/couch-audit'
import { listAudit } from '../../../hub/audit/list-audit'
import { type Couch, connect } from '../../../hub/couch/connect'
import { setUpCouch } from '../../../hub/couch/set-up'
import { createLog } from '../../../runtime/log'
import type { AuditEntry } from '../../../schemas/generated/types'
import { startCouch, type TestCouch } from '../../support/couch'

let store: TestCouch
let couch: Couch
let audit: AuditDatabase
let log: AuditLog

const MRN = '10100000018'
const LINKED = '10200000016'
const day = (of: number, hour = 0) => new Date(Date.UTC(2025, 10, of, hour))
const ids = ({ entries }: { entries: AuditEntry[] }) => entries.map(({ _id }) => _id)

beforeAll(async () => {
  store = await startCouch()
  couch = connect(store.address)
  await setUpCouch(couch, { log: createLog('hub', 'silent'), signal: AbortSignal.timeout(60_000) })
  audit = auditDatabaseOf(couch.database('audit'))
  log = openAuditLog(audit)
  const at = (moment: Date) => (entry: NewAuditEntry) => log.write({ ...entry, at: moment.toISOString() })
  const read = { kind: 'import', action: 'Patient/$everything', outcome: 'allowed', purpose: 'TREAT' } as const
  // Not in the order of time, nor of ids.
  await at(day(22, 9))({ _id: 'node-102:c', ...read, node: 'node-102', mrn: MRN, linked: [LINKED] })
  await at(day(21))({ _id: 'node-103:b', ...read, node: 'node-103', mrn: MRN })
  await at(day(22, 10))({
    _id: 'node-103:a',
    ...read,
    node: 'node-103',
    mrn: LINKED,
    outcome: 'refused',
    code: 'REPLAY',
  })
  await at(day(23))({
    _id: 'node:d',
    kind: 'node',
    action: 'suspend',
    outcome: 'allowed',
    node: 'node-103',
    operator: 'operator',
  })
  await at(day(20))({
    _id: 'registration:e',
    kind: 'registration',
    action: 'accept',
    outcome: 'allowed',
    node: 'node-102',
  })
})

afterAll(async () => {
  await log?.stop()
  await couch?.stop()
  await store?.stop()
})

describe('writing', () => {
  const entry = { kind: 'import', action: 'Patient/$everything', outcome: 'allowed', node: 'node-109' } as const

  test('refuses what is not an entry, before anything is written', async () => {
    const { write } = log
    await expect(write({ ...entry, outcome: 'maybe' as never })).rejects.toThrow('not valid')
    await expect(write({ ...entry, resource: {} } as never)).rejects.toThrow('not valid')
  })

  test('one of many writers of one id wins, and the entry stays the first one', async () => {
    const gateways = Array.from({ length: 10 }, () => openAuditLog(audit))
    const outcomes = await Promise.all(
      gateways.map(({ write }, index) => write({ ...entry, _id: 'node-109:nonce', action: `try ${index}` })),
    )
    expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1)
    expect(await log.write({ ...entry, _id: 'node-109:nonce', action: 'late' })).toBe('exists')
    const { entries } = await listAudit(audit, { node: 'node-109' })
    for (const gateway of gateways) await gateway.stop()
    expect(entries).toHaveLength(1)
    expect(entries[0]?.action).toBe(`try ${outcomes.indexOf('written')}`)
  })

  test('what has no id gets one of its own', async () => {
    const { write } = log
    expect(await write({ ...entry, node: 'node-110' })).toBe('written')
    expect(await write({ ...entry, node: 'node-110' })).toBe('written')
    const { entries } = await listAudit(audit, { node: 'node-110' })
    expect(entries.map(({ _id }) => _id)).toEqual([
      expect.stringMatching(/^import:[0-9A-Z]{26}$/),
      expect.stringMatching(/^import:[0-9A-Z]{26}$/),
    ])
  })
})

describe('listing', () => {
  const old = { to: '2025-11-24' }

  test.each([
    [{ limit: '0' }],
    [{ limit: '1001' }],
    [{ limit: 'many' }],
    [{ from: 'yesterday' }],
    [{ to: '2026-13-45' }],
    [{ cursor: 'x' }],
    [{ order: 'down' }],
    [{ mrn: MRN, cursor: Buffer.from(JSON.stringify([LINKED, '2026', 'x'])).toString('base64url') }],
    [{ cursor: Buffer.from(JSON.stringify([{}, 'x'])).toString('base64url') }],
  ])('refuses %j', async (query) => {
    await expect(listAudit(audit, query)).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
  })

  test.each([
    ['everything, in time order', {}, ['registration:e', 'node-103:b', 'node-102:c', 'node-103:a', 'node:d']],
    ['a patient', { mrn: MRN }, ['node-103:b', 'node-102:c']],
    ['a patient whose record went out with a linked one', { mrn: LINKED }, ['node-102:c', 'node-103:a']],
    ['a node', { node: 'node-103' }, ['node-103:b', 'node-103:a', 'node:d']],
    ['a patient and a node', { mrn: LINKED, node: 'node-103' }, ['node-103:a']],
    ['nobody', { mrn: '99900000018' }, []],
    ['from a day on', { from: '2025-11-22' }, ['node-102:c', 'node-103:a', 'node:d']],
    ['before a moment', { to: '2025-11-22T17:00:00+07:00' }, ['registration:e', 'node-103:b', 'node-102:c']],
    ['a day of a node', { node: 'node-103', from: '2025-11-22', to: '2025-11-23' }, ['node-103:a']],
    ['the newest first', { order: 'newest' }, ['node:d', 'node-103:a', 'node-102:c', 'node-103:b', 'registration:e']],
    ['a node, the newest first', { node: 'node-103', order: 'newest' }, ['node:d', 'node-103:a', 'node-103:b']],
    [
      'a day, the newest first',
      { from: '2025-11-22', to: '2025-11-23', order: 'newest' },
      ['node-103:a', 'node-102:c'],
    ],
  ])('%s', async (_what, query, expected) => {
    expect(ids(await listAudit(audit, { ...old, ...query }))).toEqual(expected)
  })

  test.each([
    {},
    { mrn: MRN },
    { node: 'node-103' },
    { mrn: LINKED, node: 'node-103' },
    { order: 'newest' },
    { mrn: LINKED, node: 'node-103', order: 'newest' },
  ])('the pages of %j are the whole, whatever their size', async (query) => {
    const whole = ids(await listAudit(audit, { ...old, ...query }))
    for (const limit of ['1', '2', '3', '5']) {
      const pages: string[] = []
      let cursor: string | undefined
      do {
        const page = await listAudit(audit, { ...old, ...query, limit, ...(cursor !== undefined && { cursor }) })
        expect(page.entries.length).toBeLessThanOrEqual(Number(limit))
        pages.push(...ids(page))
        cursor = page.next
      } while (cursor !== undefined)
      expect(pages).toEqual(whole)
    }
  })
})
