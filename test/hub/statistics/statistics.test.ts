import type { AuditList, Statistics } from '../../../schemas/generated/types'
import { type Answer, askJson, basic } from '../../support/ask'
import { type RunningHub, startHub } from '../../support/hub'
import { documentOf } from './documents'

let hub: RunningHub

/** A revision that loses against any other of its generation. */
const LEAST = '0'.repeat(32)

beforeAll(async () => {
  hub = await startHub()
  const many = (n: number, make: (i: number) => object) => Array.from({ length: n }, (_, index) => make(index))
  const visit = (facility: string, day: string, more = {}) =>
    documentOf(facility, 'Encounter', { status: 'finished', period: { start: `${day}T02:00:00.000Z` }, ...more })
  const condition = (code: string, more = {}) =>
    documentOf('101', 'Condition', {
      code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code }] },
      recordedDate: '2026-11-18T02:00:00.000Z',
      ...more,
    })
  await put([
    ...many(6, () => visit('101', '2026-11-16')),
    ...many(7, () => visit('101', '2026-11-22')),
    ...many(8, () => visit('101', '2026-11-23')),
    ...many(20, () => visit('102', '2026-11-18')),
    ...many(3, () => visit('103', '2026-11-18')),
    // None of these is a visit.
    visit('101', '2026-11-18', { status: 'entered-in-error' }),
    visit('101', '2026-11-18', { status: 'planned' }),
    visit('101', '2026-11-18', { status: 'cancelled' }),
    visit('101', '2026-11-18', { partOf: { reference: 'Encounter/10100000018.x' } }),
    ...many(5, () => documentOf('101', 'Encounter', { status: 'finished' })),
    ...many(9, () => condition('J06.9')),
    ...many(6, () => condition('A91')),
    ...many(5, () => condition('A97.0')),
    ...many(7, () =>
      documentOf('101', 'Condition', {
        code: { coding: [{ system: 'http://snomed.info/sct', code: '38341003' }] },
        recordedDate: '2026-11-18',
      }),
    ),
    condition('J06.9', { verificationStatus: { coding: [{ code: 'refuted' }] } }),
    condition('J06.9', { verificationStatus: { coding: [{ code: 'provisional' }] } }),
    condition('J06.9', { verificationStatus: { coding: [{ code: 'entered-in-error' }] } }),
    {
      ...documentOf('101', 'Organization', {
        identifier: [{ system: 'https://lontar.health/external-id', value: '101' }],
        address: [{ district: 'Ende' }],
      }),
    },
    documentOf('102', 'Location', { address: { district: 'Ende' } }),
  ])
}, 120_000)
afterAll(() => hub?.remove())

async function put(docs: readonly object[]): Promise<{ id: string; rev: string }[]> {
  const { status, body } = await hub.couch('/ehr/_bulk_docs', { method: 'POST', body: { docs } })
  expect(status).toBe(201)
  const results = body as { id: string; rev: string; error?: string }[]
  expect(results.filter(({ error }) => error !== undefined)).toEqual([])
  return results
}

async function ask(path: string): Promise<Answer> {
  return hub.operator(`/operator/statistics/${path}`)
}

/** Once the index has come so far. */
async function counted(path: string, isThere: (statistics: Statistics) => boolean = () => true): Promise<Statistics> {
  for (;;) {
    const { status, body } = await ask(path)
    if (status === 200 && isThere(body as Statistics)) return body as Statistics
    if (status !== 200) expect([status, body]).toEqual([503, expect.objectContaining({ error: 'COUNTS_NOT_READY' })])
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const NOVEMBER = 'from=2026-11-16&to=2026-11-29'

test('visits by week: whole ISO weeks from Monday to Sunday, and nothing that did not take place', async () => {
  const { from, to, rows, undated, unlisted, suppressedBelow } = await counted(`visits?${NOVEMBER}&by=week`)
  expect({ from, to, suppressedBelow, undated, unlisted }).toEqual({
    from: '2026-11-16',
    to: '2026-11-29',
    suppressedBelow: 5,
    undated: 5,
    unlisted: false,
  })
  expect(rows).toEqual([
    { week: '2026-W47', count: 36 },
    { week: '2026-W48', count: 8 },
  ])
})

test('a day in the middle of a week stands for the whole of it', async () => {
  const { from, to, rows } = await counted('visits?from=2026-11-19&to=2026-11-19&by=week')
  expect([from, to, rows]).toEqual(['2026-11-16', '2026-11-22', [{ week: '2026-W47', count: 36 }]])
})

test('by facility: three is not told, and neither what would tell it', async () => {
  expect((await counted(`visits?${NOVEMBER}&by=facility`)).rows).toEqual([
    { facility: '101', count: 21 },
    { facility: '102', count: null },
    { facility: '103', count: null },
  ])
})

test('by district: where the facility says that it is', async () => {
  const { rows } = await counted(`visits?${NOVEMBER}&by=district`)
  // What has no district is three, so the other is not told either: together they are the total.
  expect(rows).toEqual([
    { district: '', count: null },
    { district: 'Ende', count: null },
  ])
})

test('in all', async () => {
  expect((await counted(`visits?${NOVEMBER}&by=none`)).rows).toEqual([{ count: 44 }])
})

test('of one facility, and of one group by facility', async () => {
  expect((await counted(`visits?${NOVEMBER}&facility=101&by=week`)).rows).toEqual([
    { week: '2026-W47', count: 13 },
    { week: '2026-W48', count: 8 },
  ])
  expect((await counted(`diagnoses?${NOVEMBER}&group=A92-A99&by=facility,week`)).rows).toEqual([
    { facility: '101', week: '2026-W47', count: 11 },
  ])
  const dengue = await counted(`diagnoses?${NOVEMBER}&group=A92-A99&facility=101&by=none`)
  expect(dengue).toMatchObject({ label: expect.stringContaining('dengue'), rows: [{ count: 11 }] })
})

test('diagnoses by block of ICD-10, dengue under its old code and its new one together, SNOMED as other', async () => {
  const all = { label: expect.any(String) }
  const rows = [
    { group: 'A92-A99', ...all, count: 11 },
    { group: 'J00-J06', ...all, count: 9 },
    { group: 'other', ...all, count: 7 },
  ]
  expect((await counted(`diagnoses?${NOVEMBER}&by=group`)).rows).toEqual(rows)
  const byAll = await counted(`diagnoses?${NOVEMBER}&by=group,facility,week,district`)
  expect(byAll.rows).toEqual(rows.map((row) => ({ ...row, facility: '101', week: '2026-W47', district: 'Ende' })))
})

test('what is new is counted, what is deleted is not, and of a conflict the winner', async () => {
  const place = documentOf('104', 'Immunization', {
    status: 'completed',
    vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '20' }] },
    occurrenceDateTime: '2026-11-18',
  })
  const others = Array.from({ length: 9 }, () => ({ ...documentOf('104', 'Immunization', place.resource) }))
  const written = await put([place, ...others])
  const path = `immunizations?${NOVEMBER}&by=group,facility`
  const before = await counted(path, ({ rows }) => rows[0]?.count === 10)
  expect(before.rows).toEqual([{ group: 'cvx:20', facility: '104', label: 'DTaP', count: 10 }])
  await put([{ _id: written[1]?.id, _rev: written[1]?.rev, _deleted: true }])
  const conflicting = { ...place, resource: { ...place.resource, status: 'not-done' } }
  const loser = { ...conflicting, _rev: `1-${LEAST}`, _revisions: { start: 1, ids: [LEAST] } }
  const winner = {
    ...conflicting,
    _id: written[2]?.id,
    resource: { ...conflicting.resource, id: others[1]?.resource.id },
  }
  const { status } = await hub.couch('/ehr/_bulk_docs', {
    method: 'POST',
    body: {
      new_edits: false,
      docs: [loser, { ...winner, _rev: `9-${LEAST}`, _revisions: { start: 9, ids: [LEAST] } }],
    },
  })
  expect(status).toBe(201)
  const after = await counted(path, ({ rows }) => rows[0]?.count === 8)
  expect(Date.parse(after.asOf)).toBeGreaterThanOrEqual(Date.parse(before.asOf))
}, 60_000)

test('CSV, by format and by Accept, with suppressed numbers left away', async () => {
  const text = 'facility,count,suppressed\r\n101,21,\r\n102,,1\r\n103,,1\r\n'
  const byFormat = await ask(`visits?${NOVEMBER}&by=facility&format=csv`)
  expect([byFormat.status, byFormat.headers.get('content-type'), byFormat.body]).toEqual([
    200,
    'text/csv; charset=utf-8',
    text,
  ])
  const authorization = basic('operator', hub.operatorPassword)
  const url = `${hub.url}/operator/statistics/visits?${NOVEMBER}&by=facility`
  expect((await askJson(url, authorization, { headers: { accept: 'text/csv' } })).body).toBe(text)
})

test('a question is in the audit, with who asked and what', async () => {
  await ask(`diagnoses?${NOVEMBER}&by=week,facility&group=J00-J06`)
  const { body } = await hub.operator('/operator/audit?kind=look&limit=1000')
  expect((body as AuditList).entries.at(-1)).toMatchObject({
    action: 'statistics',
    outcome: 'allowed',
    operator: 'operator',
    reason: 'diagnoses, 2026-W47 to 2026-W48, by week,facility, group J00-J06',
  })
})

test.each([
  ['nothing', /measure must be one of visits/],
  ['visits?from=2026-11-31', /from must be a day/],
  ['visits?from=2026-11', /from must be a day/],
  ['visits?from=2026-11-23&to=2026-11-16', /from must not be after to/],
  ['visits?from=2024-01-01&to=2026-11-16', /106 weeks/],
  ['visits?by=month', /by must be none, or a list out of facility/],
  ['visits?by=week,week', /each once/],
  ['visits?by=group', /Only diagnoses and immunizations/],
  ['visits?group=A00-A09', /Only diagnoses and immunizations/],
  ['visits?facility=x', /external ID/],
  ['diagnoses?group=%22', /group must be/],
  ['visits?district=Ende', /query may hold/],
  ['visits?by=week&by=facility', /each once/],
  ['visits?format=xml', /json or csv/],
])('%s is refused and says why', async (path, reason) => {
  expect(await ask(path)).toMatchObject({
    status: 400,
    body: { error: 'INVALID_REQUEST', reason: expect.stringMatching(reason) },
  })
})
