import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import type { AuditEvent, Bundle } from 'fhir/r4'
import { accessRouter } from '../../../hub/access/access-router'
import type { AuditDatabase } from '../../../hub/audit/audit-database'
import type { NewAuditEntry } from '../../../hub/audit/audit-log'
import { auditRoutes } from '../../../hub/audit/audit-routes'
import { CodedError } from '../../../protocol/error-codes'
import { refusalOf } from '../../../protocol/refusal-of'
import { closeApp, openApp } from '../../../runtime/http-server'
import { createLog } from '../../../runtime/log'
import * as fhir from '../../../schemas/generated/fhir-validators'
import type { AuditEntry, AuditList } from '../../../schemas/generated/types'
import { type AuditOnStore, deed, startAudit } from './audit-on-store'

/** The audit as it is given out, by its real routes over a real store. */
const MRN = '10100000018'
const LINKED = '10200000016'
const ENTRIES: readonly NewAuditEntry[] = [
  { ...deed(), at: '2025-11-20T00:00:00.000Z' },
  {
    _id: 'node-102:k1rYZ8n4S3qg0w9uEo1T2A',
    kind: 'import',
    action: 'Patient/$everything',
    outcome: 'allowed',
    node: 'node-102',
    mrn: MRN,
    linked: [LINKED],
    purpose: 'BTG',
    reason: '=HYPERLINK("http://evil.example","Siti, \r\n the patient")',
    overridden: 2,
    at: '2025-11-21T00:00:00.000Z',
  },
  {
    kind: 'import',
    action: 'Patient/$everything',
    outcome: 'refused',
    code: 'SIGNATURE_MISSING',
    at: '2025-11-22T00:00:00.000Z',
  },
  {
    kind: 'sign-in',
    action: 'sign-in',
    outcome: 'refused',
    code: 'UNAUTHENTICATED',
    operator: 'siti',
    address: '10.0.0.7',
    reason: '@SUM(1+1)',
    at: '2025-11-23T00:00:00.000Z',
  },
  {
    kind: 'operator',
    action: 'role',
    outcome: 'allowed',
    operator: 'siti',
    account: 'budi',
    reason: '-1+1',
    at: '2025-11-24T00:00:00.000Z',
  },
  {
    kind: 'data-access',
    action: 'reject',
    outcome: 'allowed',
    operator: 'siti',
    node: 'node-102',
    reason: '\t+x',
    at: '2025-11-24T00:00:00.000Z',
  },
  {
    kind: 'configuration',
    action: 'rekey',
    outcome: 'allowed',
    operator: 'siti',
    reason: '',
    at: '2025-11-25T00:00:00.000Z',
  },
  {
    kind: 'consent-review',
    action: 'review',
    outcome: 'allowed',
    operator: 'siti',
    finding: '＝1',
    at: '2025-11-26T00:00:00.000Z',
  },
  {
    kind: 'push',
    action: 'POST /sync/ehr/_bulk_docs',
    outcome: 'refused',
    code: 'NODE_SUSPENDED',
    node: 'node-103',
    at: '2025-11-27T00:00:00.000Z',
  },
  {
    kind: 'registration',
    action: 'accept',
    outcome: 'allowed',
    operator: 'siti',
    node: 'node-104',
    at: '2025-11-28T00:00:00.000Z',
  },
].map(({ reason, ...entry }) => ({ ...entry, ...(reason ? { reason } : {}) }) as NewAuditEntry)

let audit: AuditOnStore
let database: AuditDatabase
let url = ''
let close: () => Promise<void>
/** How often the database was read, and whether it fails from then on. */
let reads = 0
let failsAt = Number.POSITIVE_INFINITY

beforeAll(async () => {
  audit = await startAudit()
  const log = audit.open()
  for (const entry of ENTRIES) await log.write(entry)
  database = {
    ...audit.database,
    view: (...asked) => {
      if (++reads >= failsAt) throw new CodedError('DATABASE_UNAVAILABLE', 'The database does not answer; try again.')
      return audit.database.view(...asked)
    },
  }
  const silent = createLog('hub', 'silent')
  const app = openApp(silent)
  const nobody = () => Promise.reject(new CodedError('UNAUTHENTICATED', 'Not here.'))
  const proofs = {
    claim: nobody,
    'node password': nobody,
    'metrics token': nobody,
    operator: async () => ({ kind: 'operator', name: 'siti', role: 'auditor', via: 'basic' }) as const,
  }
  app.use(accessRouter(auditRoutes({ database, head: log.head, hubId: 'hub-1' }), proofs))
  closeApp(
    app,
    silent,
    (error, { path }) => refusalOf(error, path, () => 'fault'),
    () => new CodedError('NOT_FOUND', 'Nothing.'),
  )
  const server = createServer(express().use(app))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/operator/audit`
  close = () =>
    new Promise((closed) => {
      server.close(() => closed())
      server.closeAllConnections()
    })
}, 60_000)
afterAll(async () => {
  await close?.()
  await audit?.stop()
})

const get = (query = '', accept?: string) =>
  fetch(`${url}${query}`, accept === undefined ? {} : { headers: { accept } })
const old = 'to=2025-12-01'
const json = async (query = '') => (await (await get(`?${old}${query}`)).json()) as AuditList

describe('which form', () => {
  test.each([
    ['', undefined, 'application/json'],
    ['', '*/*', 'application/json'],
    ['', 'text/html', 'application/json'],
    ['', 'application/x-ndjson', 'application/x-ndjson'],
    ['', 'text/csv', 'text/csv'],
    ['', 'application/fhir+json', 'application/fhir+json'],
    ['?_format=csv', 'application/json', 'text/csv'],
    ['?_format=application/fhir+json', undefined, 'application/fhir+json'],
    ['?_format=application%2Ffhir%2Bjson', undefined, 'application/fhir+json'],
    ['?_format=ndjson', undefined, 'application/x-ndjson'],
    ['/chains', 'text/csv', 'application/json'],
    ['/chains?_format=ndjson', undefined, 'application/x-ndjson'],
  ])('%s with Accept %s is %s', async (query, accept, type) => {
    const answer = await get(query, accept)
    expect([answer.status, answer.headers.get('content-type')?.split(';')[0]]).toEqual([200, type])
    await answer.text()
  })

  test.each([
    '?_format=xml',
    '?_format=csv&_format=json',
    '?colour=red',
    '?outcome=perhaps',
    '?kind=%27',
    '/chains?_format=csv',
    '/chains?chain=x',
    '/heads?limit=1',
    '?_format=ndjson&from=yesterday',
    '?_format=csv&limit=0',
    '?_format=ndjson&cursor=x',
  ])('%s is refused', async (query) => {
    const answer = await get(query)
    expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([400, 'INVALID_REQUEST'])
  })
})

describe('filters', () => {
  test.each([
    ['&operator=siti', 6],
    ['&operator=siti&outcome=refused', 1],
    ['&operator=siti&kind=operator', 1],
    ['&kind=import', 2],
    ['&kind=import&outcome=refused', 1],
    ['&outcome=refused', 3],
    [`&mrn=${LINKED}`, 1],
    [`&mrn=${MRN}&outcome=refused`, 0],
    [`&mrn=${MRN}&node=node-102&kind=import&outcome=allowed`, 1],
    ['&node=node-102&operator=siti', 1],
    ['&from=2025-11-24&kind=data-access', 1],
    ['', 10],
  ])('%s means %s', async (query, count) => {
    expect((await json(query)).entries).toHaveLength(count)
    for (const form of ['ndjson', 'csv']) {
      const text = await (await get(`?${old}${query}&_format=${form}`)).text()
      const lines = form === 'ndjson' ? text.split('\n').length - 1 : csvRows(text).length - 1
      expect([form, lines]).toEqual([form, count])
    }
    const bundle = (await (await get(`?${old}${query}&_format=fhir`)).json()) as Bundle
    expect(bundle.entry?.length ?? 0).toBe(count)
  })

  test.each(['json', 'ndjson', 'csv', 'fhir'])('the pages of %s are the whole', async (form) => {
    const seen: number[] = []
    let next: string | undefined = `?${old}&_format=${form}&limit=3`
    while (next !== undefined) {
      const answer = await get(next)
      const text = await answer.text()
      seen.push(countIn(form, text))
      next = nextIn(form, text, answer.headers.get('link'), `?${old}&_format=${form}&limit=3`)
    }
    expect(seen).toEqual([3, 3, 3, 1])
  })
})

describe('FHIR', () => {
  const events = async (query = '') => {
    const bundle = (await (await get(`?${old}${query}&_format=fhir`)).json()) as Bundle<AuditEvent>
    return { bundle, events: (bundle.entry ?? []).flatMap(({ resource }) => (resource ? [resource] : [])) }
  }

  test('every kind of entry is a valid AuditEvent in a valid Bundle', async () => {
    const bundle = (await (await get('?_format=fhir')).json()) as Bundle<AuditEvent>
    expect(problems(fhir.Bundle, bundle)).toEqual([])
    const kinds = new Set<string>()
    for (const { resource } of bundle.entry ?? []) {
      expect(problems(fhir.AuditEvent, resource)).toEqual([])
      kinds.add(resource?.subtype?.[0]?.code ?? '')
    }
    expect(kinds).toEqual(new Set([...ENTRIES.map(({ kind }) => kind), 'chain']))
    expect(problems(fhir.AuditEvent, { ...bundle.entry?.[0]?.resource, outcome: '5' })).not.toEqual([])
  })

  test('an import names node, patients, purpose and reason, and can be held against the entry', async () => {
    const { events: found } = await events(`&mrn=${MRN}`)
    const [entry] = (await json(`&mrn=${MRN}`)).entries
    expect(found).toMatchObject([
      {
        type: { code: 'rest' },
        action: 'R',
        outcome: '0',
        recorded: '2025-11-21T00:00:00.000Z',
        agent: [{ who: { identifier: { value: 'node-102' } }, requestor: true }],
        purposeOfEvent: [{ coding: [{ code: 'BTG' }], text: expect.stringContaining('HYPERLINK') }],
        entity: [{ what: { reference: `Patient/${MRN}` } }, { what: { reference: `Patient/${LINKED}` } }],
        extension: [{ valueString: entry?._id }, { valueString: entry?.chain?.hash }],
        source: { observer: { identifier: { value: 'hub-1' } } },
      },
    ])
  })

  test('a refusal says so, with the person, the address and the code', async () => {
    const { events: found } = await events('&kind=sign-in')
    expect(found).toMatchObject([
      {
        type: { code: '110114' },
        outcome: '4',
        outcomeDesc: 'UNAUTHENTICATED',
        agent: [{ altId: 'siti', network: { address: '10.0.0.7' } }],
      },
    ])
  })
})

describe('CSV', () => {
  test('no cell begins a formula, and what a cell holds breaks no row', async () => {
    const text = await (await get(`?${old}&_format=csv`)).text()
    const [head = [], ...rows] = csvRows(text)
    expect(head.slice(0, 5)).toEqual(['_id', 'at', 'kind', 'action', 'outcome'])
    expect(rows.map((row) => row.length)).toEqual(rows.map(() => head.length))
    expect(rows.flat().filter((cell) => /^[=+\-@\t\r＝＋－＠]/.test(cell))).toEqual([])
    const reasons = rows.map((row) => row[head.indexOf('reason')])
    expect(reasons).toContain(`'${ENTRIES[1]?.reason}`)
    expect(reasons).toContain("'-1+1")
  })
})

describe('a stream', () => {
  test('that fails before it begins is an error like any other', async () => {
    failsAt = reads + 1
    const answer = await get('?_format=ndjson').finally(() => {
      failsAt = Number.POSITIVE_INFINITY
    })
    expect([answer.status, await answer.json()]).toMatchObject([503, { error: 'DATABASE_UNAVAILABLE' }])
  })

  test('holds no more than a page, and breaks off where the database fails', async () => {
    const log = audit.open()
    await Promise.all(Array.from({ length: 1_100 }, () => log.write(deed({ node: 'node-999' }))))
    for (const form of ['ndjson', 'csv']) {
      const query = `?_format=${form}&node=node-999`
      // The first one brings the view up to date.
      await (await get(`${query}&limit=1`)).text()
      const before = reads
      const whole = await get(query)
      expect([whole.status, countIn(form, await whole.text())]).toEqual([200, 1_100])
      expect(reads - before).toBe(2)
      failsAt = reads + 2
      await expect(get(query).then((answer) => answer.text())).rejects.toThrow()
      failsAt = Number.POSITIVE_INFINITY
    }
  }, 120_000)
})

function problems(validator: (typeof fhir)['AuditEvent'], value: unknown): string[] {
  if (validator(value)) return []
  return (validator.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

function countIn(form: string, text: string): number {
  switch (form) {
    case 'json':
      return (JSON.parse(text) as AuditList).entries.length
    case 'ndjson':
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as AuditEntry).length
    case 'csv':
      return csvRows(text).length - 1
    default:
      return (JSON.parse(text) as Bundle).entry?.length ?? 0
  }
}

function nextIn(form: string, text: string, link: string | null, query: string): string | undefined {
  if (form === 'json') {
    const { next } = JSON.parse(text) as AuditList
    return next === undefined ? undefined : `${query}&cursor=${next}`
  }
  const url =
    form === 'fhir'
      ? (JSON.parse(text) as Bundle).link?.find(({ relation }) => relation === 'next')?.url
      : /<([^>]*)>; rel="next"/.exec(link ?? '')?.[1]
  return url?.slice(url.indexOf('?'))
}

/** RFC 4180. */
function csvRows(text: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    if (end === '\r\n') rows.push([])
    if (end === '') break
  }
  return rows.filter((row) => row.length > 1)
}
