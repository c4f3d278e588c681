import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { TOTP } from 'otpauth'
import { partsOf } from '../../../hub/access/table'
import { DEFAULT_SETTINGS } from '../../../hub/alerts/rules'
import { DEEDS, type DeedRoute } from '../../../hub/audit/deeds'
import { hashOfClaim } from '../../../protocol/claim'
import { ERROR_CODES } from '../../../protocol/error-codes'
import { newNonce, signImport } from '../../../protocol/import-signature'
import { mrnOf } from '../../../protocol/mrn'
import type {
  AuditEntry,
  AuditList,
  ErrorBody,
  NodeConfiguration,
  OperatorSession,
  RefusalList,
  TotpEnrolment,
} from '../../../schemas/generated/types'
import { type Answer, askJson, basic } from '../../support/ask'
import { type RunningHub, startHub } from '../../support/hub'
import { registerNode } from '../../support/node'
import { until } from '../../support/processes'
import { firstRevision } from '../../support/records'
import { EXAMPLES } from '../access/examples'

/** Each deed of the table, done and refused at a real hub, and what the audit has of it. */
const ROUTES = Object.keys(DEEDS) as DeedRoute[]
const PASSWORD = 'a long password for the tests'

let hub: RunningHub
const operator = (path: string, method = 'POST', body: unknown = {}) => hub.operator(path, { method, body })

beforeAll(async () => {
  hub = await startHub()
}, 60_000)
afterAll(async () => {
  await hub?.remove()
})

let facilities = 200
const nextFacility = () => String(++facilities)

async function waiting(externalId = nextFacility()): Promise<string> {
  const body = { externalId, name: 'Waits', claimHash: hashOfClaim(externalId.padEnd(43, 'x')) }
  const { status, body: answer } = await askJson(`${hub.url}/registrations`, undefined, { method: 'POST', body })
  expect(status).toBe(201)
  return (answer as { id: string }).id
}

async function node(): Promise<string> {
  return (await registerNode(hub, nextFacility())).nodeName
}

async function asking(): Promise<string> {
  const { nodeName, syncPassword } = await registerNode(hub, nextFacility())
  await askJson(`${hub.url}/node/data-access`, basic(nodeName, syncPassword), { method: 'POST', body: {} })
  return nodeName
}

let accounts = 0
async function account(): Promise<string> {
  const name = `person${++accounts}`
  expect((await operator('/operator/operators', 'POST', { name, role: 'operator', password: PASSWORD })).status).toBe(
    201,
  )
  return name
}

async function enrolled(name: string): Promise<string> {
  const path = `${hub.url}/operator/operators/${name}/totp`
  const body = { currentPassword: PASSWORD }
  const { body: answer } = await askJson(path, basic(name, PASSWORD), { method: 'POST', body })
  return (answer as TotpEnrolment).secret
}

async function signIn(name: string) {
  const response = await fetch(`${hub.url}/operator/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password: PASSWORD }),
  })
  const { csrfToken = '' } = (await response.json()) as OperatorSession
  return { status: response.status, cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '', csrfToken }
}

/** A record that somebody has read against its patient's will, perhaps. */
async function brokenGlass(): Promise<{ auditId: string; nodeName: string }> {
  const { nodeName, syncPassword, externalId } = await registerNode(hub, nextFacility())
  const asNode = (path: string, options = {}) => askJson(`${hub.url}${path}`, basic(nodeName, syncPassword), options)
  await asNode('/node/data-access', { method: 'POST', body: {} })
  await operator(`/operator/nodes/${nodeName}/data-access/accept`)
  const { nodePassword = '' } = ((await asNode('/node/configuration')).body as NodeConfiguration).dataAccess
  const mrn = mrnOf(externalId, 1)
  const envelope = { type: 'Patient', mrn, facility: externalId, recordedAt: '2026-01-15T00:00:00.000Z' }
  const document = { _id: `${mrn}:Patient`, ...envelope, resource: { resourceType: 'Patient', id: mrn } }
  const docs = [firstRevision(document, 'a'.repeat(32))]
  await asNode('/sync/ehr/_bulk_docs', { method: 'POST', body: { new_edits: false, docs } })
  const url = new URL(`${hub.url}/fhir/Patient/${mrn}/$everything`)
  const nonce = newNonce()
  const signer = { nodeName, nodePassword }
  const headers = await signImport({ method: 'GET', url, purpose: 'BTG' }, signer, { now: new Date(), nonce })
  expect((await fetch(url, { headers: { ...headers, Reason: 'Unconscious.' } })).status).toBe(200)
  return { auditId: `${nodeName}:${nonce}`, nodeName }
}

/** What is done, by whom if not by `operator`, and what the entry says besides. */
type Done = () => Promise<{ status: number; by?: string; about?: Partial<AuditEntry> }>

const onNode =
  (what: string, body: object = {}, method = 'POST'): Done =>
  async () => {
    const name = await (what.startsWith('data-access') ? asking() : node())
    const { status } = await operator(`/operator/nodes/${name}/${what}`, method, body)
    return { status, about: { node: name } }
  }

const DONE: Readonly<Record<DeedRoute, Done>> = {
  'POST /operator/registrations/:id/accept': async () => {
    const externalId = nextFacility()
    const { status } = await operator(`/operator/registrations/${await waiting(externalId)}/accept`)
    return { status, about: { node: `node-${externalId}` } }
  },
  'POST /operator/registrations/:id/reject': async () => {
    const { status } = await operator(`/operator/registrations/${await waiting()}/reject`, 'POST', {
      reason: 'Unknown.',
    })
    return { status, about: { reason: 'Unknown.' } }
  },
  'POST /operator/registrations/reject': async () => {
    const body = { ids: [await waiting()], reason: 'Forged.' }
    const { status } = await operator('/operator/registrations/reject', 'POST', body)
    return { status, about: { reason: 'Forged.' } }
  },
  'POST /operator/nodes/:nodeName/suspend': onNode('suspend', { reason: 'Stolen.' }),
  'POST /operator/nodes/:nodeName/resume': onNode('resume'),
  'POST /operator/nodes/:nodeName/rotate': onNode('rotate'),
  'POST /operator/nodes/:nodeName/reopen': onNode('reopen'),
  'PUT /operator/nodes/:nodeName/district': onNode('district', { district: 'Alor' }, 'PUT'),
  'PUT /operator/nodes/:nodeName/budget': onNode('budget', { kilobitsPerSecond: 64 }, 'PUT'),
  'PUT /operator/nodes/:nodeName/configuration': onNode('configuration', { sync: { lanes: { urgent: [] } } }, 'PUT'),
  'POST /operator/nodes/:nodeName/configurations/:version/restore': async () => {
    const name = await node()
    await operator(`/operator/nodes/${name}/budget`, 'PUT', { kilobitsPerSecond: 64 })
    const { status } = await operator(`/operator/nodes/${name}/configurations/1/restore`)
    return { status, about: { node: name, reason: 'As version 1.' } }
  },
  'POST /operator/nodes/:nodeName/refused/retry': onNode('refused/retry'),
  'POST /operator/refused/retry': async () => {
    const { nodeName, syncPassword, externalId } = await registerNode(hub, nextFacility())
    const document = firstRevision({ _id: `${externalId}:Location:bare`, type: 'Location' }, 'a'.repeat(32))
    const body = { new_edits: false, docs: [document] }
    await askJson(`${hub.url}/sync/ehr/_bulk_docs`, basic(nodeName, syncPassword), { method: 'POST', body })
    const { refused } = (await hub.operator(`/operator/refused?node=${nodeName}`)).body as RefusalList
    const { status } = await operator('/operator/refused/retry', 'POST', { reason: refused[0]?.reason })
    return { status, about: { node: nodeName, reason: refused[0]?.reason ?? 'none' } }
  },
  'POST /operator/nodes/:nodeName/data-access/accept': onNode('data-access/accept'),
  'POST /operator/nodes/:nodeName/data-access/reject': onNode('data-access/reject', { reason: 'No contract.' }),
  'POST /operator/btg/:auditId/review': async () => {
    const { auditId, nodeName } = await brokenGlass()
    const path = `/operator/btg/${encodeURIComponent(auditId)}/review`
    const { status } = await operator(path, 'POST', { finding: 'In order.' })
    return { status, about: { node: nodeName, finding: 'In order.', reviewed: auditId } }
  },
  'POST /operator/rekey': () => operator('/operator/rekey'),
  'PUT /operator/alert-settings': async () => {
    const { status } = await operator('/operator/alert-settings', 'PUT', DEFAULT_SETTINGS)
    return { status, about: { reason: expect.stringContaining('node-silent 24') as unknown as string } }
  },
  'POST /operator/alert-settings/test': () => operator('/operator/alert-settings/test'),
  'POST /operator/session': async () => {
    const by = await account()
    return { ...(await signIn(by)), by }
  },
  'DELETE /operator/session': async () => {
    const by = await account()
    const { cookie, csrfToken } = await signIn(by)
    const headers = { cookie, 'x-csrf-token': csrfToken }
    const { status } = await fetch(`${hub.url}/operator/session`, { method: 'DELETE', headers })
    return { status, by }
  },
  'POST /operator/operators': async () => ({ status: 201, about: { account: await account() } }),
  'DELETE /operator/operators/:name': async () => {
    const name = await account()
    return { ...(await operator(`/operator/operators/${name}`, 'DELETE')), about: { account: name } }
  },
  'POST /operator/operators/:name/password': async () => {
    const name = await account()
    const body = { password: `${PASSWORD} changed` }
    return { ...(await operator(`/operator/operators/${name}/password`, 'POST', body)), about: { account: name } }
  },
  'POST /operator/operators/:name/role': async () => {
    const name = await account()
    const { status } = await operator(`/operator/operators/${name}/role`, 'POST', { role: 'viewer' })
    return { status, about: { account: name } }
  },
  'POST /operator/operators/:name/unlock': async () => {
    const name = await account()
    return { ...(await operator(`/operator/operators/${name}/unlock`)), about: { account: name } }
  },
  'POST /operator/operators/:name/totp': async () => {
    const by = await account()
    expect(await enrolled(by)).toHaveLength(32)
    return { status: 200, by, about: { account: by } }
  },
  'PUT /operator/operators/:name/totp': async () => {
    const by = await account()
    const code = new TOTP({ secret: await enrolled(by) }).generate()
    const path = `${hub.url}/operator/operators/${by}/totp`
    const { status } = await askJson(path, basic(by, PASSWORD), { method: 'PUT', body: { code } })
    return { status, by, about: { account: by } }
  },
  'DELETE /operator/operators/:name/totp': async () => {
    const name = await account()
    await enrolled(name)
    return { ...(await operator(`/operator/operators/${name}/totp`, 'DELETE')), about: { account: name } }
  },
}

async function entries(query: Record<string, string>): Promise<AuditEntry[]> {
  const { status, body } = await hub.operator(`/operator/audit?${new URLSearchParams({ ...query, limit: '1000' })}`)
  expect(status).toBe(200)
  return (body as AuditList).entries
}

/** The entries of a deed that came while something was done. */
async function during<T>(route: DeedRoute, outcome: 'allowed' | 'refused', act: () => Promise<T>) {
  const { kind, action } = DEEDS[route]
  const query = { kind, outcome }
  const before = new Set((await entries(query)).map(({ _id }) => _id))
  const came = await act()
  const now = (await entries(query)).filter((entry) => !before.has(entry._id) && entry.action === action)
  return { came, now }
}

test('the list of docs/audit.md is what is done here', () => {
  const page = readFileSync(resolve(__dirname, '../../../docs/audit.md'), 'utf8')
  const rows = [...page.matchAll(/^\| `((?:POST|PUT|DELETE) \/operator[^`]*)` \| `([^`]*)` \| `([^`]*)` \|/gm)]
  const listed = Object.fromEntries(rows.map(([, route = '', kind, action]) => [route, { kind, action }]))
  const named = (route: string) => route.replaceAll(/:(\w+)/g, '{$1}')
  expect(listed).toEqual(Object.fromEntries(ROUTES.map((route) => [named(route), DEEDS[route]])))
})

/** Nothing refuses these to an operator. */
const NEVER_REFUSED: readonly DeedRoute[] = [
  'POST /operator/rekey',
  'POST /operator/alert-settings/test',
  'DELETE /operator/session',
]

describe.each(ROUTES.filter((route) => !NEVER_REFUSED.includes(route)))('%s', (route) => {
  test('refused: one entry, with the code and who it was', async () => {
    const { method } = partsOf(route)
    const { target, body } = EXAMPLES[route]
    const wrong = route === 'POST /operator/session' ? { name: 'operator', password: 'wrong' } : body
    const { came, now } = await during(route, 'refused', () => operator(target, method, wrong))
    const { error } = came.body as ErrorBody
    expect(ERROR_CODES[error as keyof typeof ERROR_CODES].status).toBe(came.status)
    expect(now).toMatchObject([{ ...DEEDS[route], outcome: 'refused', code: error, operator: 'operator' }])
  })
})

describe.each(ROUTES)('%s', (route) => {
  test('done: one entry, with who it was', async () => {
    const { came, now } = await during(route, 'allowed', async () => DONE[route]())
    expect([200, 201, 204]).toContain(came.status)
    const of = now.filter(({ operator }) => operator === (came.by ?? 'operator'))
    const mine = came.about?.account === undefined ? of : of.filter(({ account }) => account === came.about?.account)
    expect(mine).toMatchObject([{ ...DEEDS[route], outcome: 'allowed', ...came.about }])
  })
})

describe('refusals', () => {
  test('what a role may not do, and not look at', async () => {
    const viewer = await account()
    await operator(`/operator/operators/${viewer}/role`, 'POST', { role: 'viewer' })
    const as = (path: string, method = 'GET') =>
      askJson(`${hub.url}${path}`, basic(viewer, PASSWORD), { method, ...(method === 'POST' && { body: {} }) })
    const answers: Answer[] = [await as('/operator/nodes/node-101/resume', 'POST'), await as('/operator/audit')]
    expect(answers.map(({ status }) => status)).toEqual([403, 403])
    const mine = (await entries({ operator: viewer })).filter(({ code }) => code === 'FORBIDDEN')
    expect(mine).toMatchObject([
      { kind: 'node', action: 'resume', node: 'node-101', outcome: 'refused' },
      { kind: 'operator', action: 'GET /operator/audit', outcome: 'refused' },
    ])
  })

  test('a facility that is suspended and goes on has an entry for each thing it tries, once an hour', async () => {
    const { nodeName, syncPassword } = await registerNode(hub, nextFacility())
    await operator(`/operator/nodes/${nodeName}/suspend`, 'POST', { reason: 'Stolen.' })
    const push = () =>
      askJson(`${hub.url}/sync/ehr/_bulk_docs`, basic(nodeName, syncPassword), { method: 'POST', body: { docs: [] } })
    await until('it is refused', async () => (await push()).status === 403)
    for (let more = 0; more < 5; more++) await push()
    expect(await entries({ node: nodeName, kind: 'push' })).toMatchObject([
      { action: 'POST /sync/ehr/_bulk_docs', outcome: 'refused', code: 'NODE_SUSPENDED' },
    ])
  })

  test('a registration for a place that is taken', async () => {
    const taken = await node()
    const body = { externalId: taken.slice(5), name: 'Other', claimHash: 'f'.repeat(64) }
    expect((await askJson(`${hub.url}/registrations`, undefined, { method: 'POST', body })).status).toBe(409)
    expect(await entries({ node: taken, outcome: 'refused' })).toMatchObject([
      { kind: 'registration', action: 'request', code: 'EXTERNAL_ID_TAKEN' },
    ])
  })

  test('somebody who calls himself a facility', async () => {
    const name = await node()
    const { status } = await askJson(`${hub.url}/node/configuration`, basic(name, 'x'.repeat(43)))
    expect(status).toBe(401)
    expect(await entries({ node: name, outcome: 'refused' })).toMatchObject([
      { kind: 'node', action: 'GET /node/configuration', code: 'UNAUTHENTICATED' },
    ])
  })

  test('a question that is malformed is no event', async () => {
    const before = (await entries({ outcome: 'refused' })).length
    expect((await hub.operator('/operator/audit?kind=../..')).status).toBe(400)
    expect((await entries({ outcome: 'refused' })).length).toBe(before)
  })
})
