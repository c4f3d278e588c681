import type { AuditDatabase, AuditRow } from '../../../hub/audit/audit-database'
import { OpenGlass } from '../../../hub/consent/open-glass'

const START = Date.parse('2026-01-01T00:00:00.000Z')
const MINUTE = 60_000
const at = (minute: number) => new Date(START + minute * MINUTE).toISOString()

/** The rows of the view, and how many of them were read. */
function auditOf(rows: AuditRow[]) {
  const read = { rows: 0 }
  const view: AuditDatabase['view'] = async (_name, { startKey, limit }) => {
    const first = rows.findIndex(({ key }) => JSON.stringify(key) >= JSON.stringify(startKey).replace(/]$/, ''))
    const found = first < 0 ? [] : rows.slice(first, first + limit)
    read.rows += found.length
    return found
  }
  return { view, read, rows }
}

const broken = (minute: number): AuditRow => ({
  key: [at(minute), `node-101:${minute}`, ''],
  document: {
    _id: `node-101:${minute}`,
    kind: 'import',
    action: 'Patient/$everything',
    at: at(minute),
    outcome: 'allowed',
    node: 'node-101',
    mrn: '10200000018',
    purpose: 'BTG',
    reason: 'Unconscious',
  },
})
const reviewed = (minute: number): AuditRow => ({
  key: [at(minute), `node-101:${minute}`, at(minute + 1)],
  document: {
    _id: `consent-review:${minute}`,
    kind: 'consent-review',
    action: 'review',
    at: at(minute + 1),
    outcome: 'allowed',
    operator: 'siti',
    finding: 'As it should be.',
    reviewed: `node-101:${minute}`,
    reviewedAt: at(minute),
  },
})
const MANY = 2_500
const years = Array.from({ length: MANY }, (_, minute) => [broken(minute * 10), reviewed(minute * 10)]).flat()

test('what waits is found behind years of reviews, which are gone along once', async () => {
  const audit = auditOf([...years, broken(MANY * 10), broken(MANY * 10 + 1)])
  const glass = new OpenGlass(audit, () => new Date(START + MANY * 10 * MINUTE))
  expect(await glass.waiting()).toEqual({ count: 2, isMore: false, since: at(MANY * 10) })
  expect(audit.read.rows).toBeGreaterThan(MANY * 2)
  audit.read.rows = 0
  expect(await glass.waiting()).toEqual({ count: 2, isMore: false, since: at(MANY * 10) })
  expect(audit.read.rows).toBeLessThan(500)
  audit.rows.splice(years.length + 1, 0, reviewed(MANY * 10))
  expect(await glass.waiting()).toEqual({ count: 1, isMore: false, since: at(MANY * 10 + 1) })
})

test('what another gateway, whose clock is behind, writes after nothing waited is found too', async () => {
  const audit = auditOf([...years])
  const glass = new OpenGlass(audit, () => new Date(START + MANY * 10 * MINUTE))
  expect(await glass.waiting()).toEqual({ count: 0, isMore: false })
  audit.rows.push(broken(MANY * 10 - 5))
  expect(await glass.waiting()).toMatchObject({ count: 1 })
})
