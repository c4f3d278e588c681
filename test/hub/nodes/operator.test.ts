import { connect } from '../../../hub/couch/connect'
import { basic } from '../../support/ask'
import { startCouch, type TestCouch } from '../../support/couch'
import { TestFacility } from '../../support/facility'
import { type Gateway, OPERATOR_PASSWORD, startGateway } from '../../support/gateway'
import { until } from '../../support/processes'

let store: TestCouch
let hub: Gateway
let other: Gateway
const started: Gateway[] = []

beforeAll(async () => {
  store = await startCouch()
  hub = await startGateway(store)
  other = await startGateway(store)
  started.push(hub, other)
})

afterAll(async () => {
  for (const gateway of started) await gateway.stop()
  await store?.stop()
})

const codeOf = ({ body }: { body: unknown }) => (body as { error?: string }).error
const node = (facility: TestFacility, what: string, body: unknown = {}) =>
  hub.operator(`/operator/nodes/${facility.nodeName}/${what}`, body)
/** A gateway may remember for some seconds what was. */
const within5s = (what: string, is: () => Promise<boolean>) => until(what, is, 5_000)

async function couchAccount(nodeName: string, password: string): Promise<unknown> {
  const response = await fetch(`${store.address.url}/_session`, {
    headers: { authorization: basic(nodeName, password) },
  })
  const body = (await response.json()) as { userCtx?: unknown }
  return response.status === 200 ? body.userCtx : response.status
}

describe('every operator route', () => {
  const routes = [
    ['GET', '/operator/registrations'],
    ['POST', '/operator/registrations/aaaaaaaaaaaaaaaaaaaaaaaaaa/accept'],
    ['POST', '/operator/registrations/aaaaaaaaaaaaaaaaaaaaaaaaaa/reject'],
    ['GET', '/operator/nodes'],
    ['POST', '/operator/nodes/node-A1/suspend'],
    ['POST', '/operator/nodes/node-A1/resume'],
    ['POST', '/operator/nodes/node-A1/rotate'],
    ['POST', '/operator/nodes/node-A1/reopen'],
    ['POST', '/operator/nodes/node-A1/data-access/accept'],
    ['POST', '/operator/nodes/node-A1/data-access/reject'],
    ['PUT', '/operator/nodes/node-A1/budget'],
    ['GET', '/operator/audit'],
    ['GET', '/operator/anything-else'],
  ] as const
  test.each(routes)('%s %s is closed to whoever is not the operator', async (method, path) => {
    const member = new TestFacility('Z1')
    const password = member.id || 'x'.repeat(43)
    for (const authorization of [
      undefined,
      basic('operator', 'wrong'),
      basic('operator', ''),
      basic('Operator', OPERATOR_PASSWORD),
      basic('', OPERATOR_PASSWORD),
      `Bearer ${OPERATOR_PASSWORD}`,
      basic(member.nodeName, password),
    ]) {
      expect(await hub.ask(path, { method, authorization })).toMatchObject({
        status: 401,
        body: { error: 'UNAUTHENTICATED' },
      })
    }
  })

  test('is closed to a page of another site that a browser sends the password with', async () => {
    const path = '/operator/nodes/node-A1/resume'
    const ask = (origin: string) =>
      hub.ask(path, {
        method: 'POST',
        authorization: basic('operator', OPERATOR_PASSWORD),
        headers: { origin },
      })
    expect(codeOf(await ask('https://elsewhere.example'))).toBe('FORBIDDEN')
    expect(codeOf(await ask('null'))).toBe('FORBIDDEN')
    expect(codeOf(await ask(hub.url))).toBe('NODE_UNKNOWN')
  })

  test.each([
    ['suspend', { reason: 'x' }],
    ['resume', {}],
    ['rotate', {}],
    ['reopen', {}],
    ['data-access/accept', {}],
    ['data-access/reject', { reason: 'x' }],
  ])('%s is refused for a node that was not accepted', async (what, body) => {
    expect(codeOf(await node(new TestFacility('A99'), what, body))).toBe('NODE_UNKNOWN')
  })

  test.each([['suspend'], ['data-access/reject']])('%s needs a reason', async (what) => {
    expect(codeOf(await node(new TestFacility('A99'), what, {}))).toBe('INVALID_REQUEST')
  })
})

describe('suspending', () => {
  test('is seen at every gateway, takes the roles in CouchDB too, and resuming gives both back', async () => {
    const facility = new TestFacility('B01')
    const password = await facility.join(hub)
    expect((await facility.configuration(hub, password)).status).toBe(200)
    expect((await facility.configuration(other, password)).status).toBe(200)
    const roles = ['node', 'facility:B01']
    expect(await couchAccount(facility.nodeName, password)).toMatchObject({ roles: expect.arrayContaining(roles) })

    expect(await node(facility, 'suspend', { reason: 'The machine was stolen.' })).toMatchObject({
      status: 200,
      body: { state: 'suspended', suspendedReason: 'The machine was stolen.', configurationVersion: 2 },
    })
    for (const gateway of [hub, other]) {
      await within5s('it is suspended', async () => (await facility.configuration(gateway, password)).status === 403)
      expect((await facility.configuration(gateway, password)).body).toEqual({
        error: 'NODE_SUSPENDED',
        reason: 'The machine was stolen.',
      })
    }
    expect(await couchAccount(facility.nodeName, password)).toMatchObject({ roles: [] })
    expect((await node(facility, 'suspend', { reason: 'The machine was stolen.' })).body).toMatchObject({
      configurationVersion: 2,
    })

    expect(await node(facility, 'resume')).toMatchObject({ status: 200, body: { state: 'active' } })
    await within5s('it is back', async () => (await facility.configuration(other, password)).status === 200)
    expect(await couchAccount(facility.nodeName, password)).toMatchObject({ roles: expect.arrayContaining(roles) })
  })

  test('does not tell a wrong password that the node is suspended', async () => {
    const facility = new TestFacility('B02')
    await facility.join(hub)
    await node(facility, 'suspend', { reason: 'x' })
    expect((await facility.configuration(hub, 'x'.repeat(43))).status).toBe(401)
  })
})

describe('rotating', () => {
  test('ends the old secrets at every gateway, and hands new ones over until they are used', async () => {
    const facility = new TestFacility('C01')
    const old = await facility.join(hub)
    expect((await facility.configuration(other, old)).status).toBe(200)
    await hub.ask('/node/data-access', { method: 'POST', authorization: basic(facility.nodeName, old) })
    await node(facility, 'data-access/accept')
    const oldKey = await nodePassword(facility, old)
    expect((await facility.look(hub)).credentials).toBeUndefined()

    expect((await node(facility, 'rotate')).status).toBe(200)
    for (const gateway of [hub, other]) {
      await within5s('the old one ends', async () => (await facility.configuration(gateway, old)).status === 401)
    }
    expect(await couchAccount(facility.nodeName, old)).toBe(401)
    const fresh = await facility.syncPassword(other)
    expect(fresh).not.toBe(old)
    expect((await facility.configuration(hub, fresh)).status).toBe(200)
    expect((await facility.look(hub)).credentials).toBeUndefined()
    expect(await nodePassword(facility, fresh)).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(await nodePassword(facility, fresh)).not.toBe(oldKey)
  })

  test('twice at once ends with one password, which works', async () => {
    const facility = new TestFacility('C02')
    await facility.join(hub)
    await Promise.all(
      [hub, other, hub].map((gateway) => gateway.operator(`/operator/nodes/${facility.nodeName}/rotate`, {})),
    )
    const password = await facility.syncPassword(hub)
    expect((await facility.configuration(other, password)).status).toBe(200)
  })
})

describe('reopening', () => {
  test('lets a new machine wait, keeps the old one until then, and the node after', async () => {
    const machine = new TestFacility('D01')
    const password = await machine.join(hub)
    expect((await machine.configuration(hub, password)).status).toBe(200)
    const next = new TestFacility('D01')
    expect(codeOf(await next.register(hub))).toBe('EXTERNAL_ID_TAKEN')
    expect(await node(machine, 'reopen')).toMatchObject({ status: 200, body: { reopenedAt: expect.any(String) } })
    expect((await next.register(other)).status).toBe(201)
    expect(codeOf(await new TestFacility('D011').register(hub))).toBe('EXTERNAL_ID_TAKEN')
    expect((await machine.configuration(hub, password)).status).toBe(200)

    const fresh = await acceptedPassword(next)
    await within5s('the old machine ends', async () => (await machine.configuration(hub, password)).status === 401)
    expect((await next.configuration(hub, fresh)).status).toBe(200)
    expect(await machine.look(hub)).toEqual({
      id: machine.id,
      status: 'rejected',
      reason: expect.stringContaining('Another machine'),
    })
    expect(codeOf(await new TestFacility('D01').register(hub))).toBe('EXTERNAL_ID_TAKEN')
    const { nodes } = (await hub.operator('/operator/nodes')).body as { nodes: { nodeName: string }[] }
    expect(nodes.filter(({ nodeName }) => nodeName === 'node-D01')).toHaveLength(1)
  })

  test('puts the newest rejected registration back, where none was accepted', async () => {
    const [older, newer] = [new TestFacility('D02'), new TestFacility('D02')]
    for (const facility of [older, newer]) {
      await facility.register(hub)
      await hub.operator(`/operator/registrations/${facility.id}/reject`, { reason: 'Call us.' })
    }
    expect(await node(newer, 'reopen')).toMatchObject({ status: 200, body: { id: newer.id, status: 'pending' } })
    expect(await newer.look(hub)).toEqual({ id: newer.id, status: 'pending' })
    expect((await older.look(hub)).status).toBe('rejected')
    expect((await newer.configuration(hub, await acceptedPassword(newer))).status).toBe(200)
  })
})

describe('data access', () => {
  test('is refused without credentials, and can not be accepted before it is asked for', async () => {
    const facility = new TestFacility('E01')
    await facility.join(hub)
    expect(codeOf(await hub.ask('/node/data-access', { method: 'POST', body: {} }))).toBe('UNAUTHENTICATED')
    expect(codeOf(await node(facility, 'data-access/accept'))).toBe('DATA_ACCESS_NOT_REQUESTED')
    expect(codeOf(await node(facility, 'data-access/reject', { reason: 'x' }))).toBe('DATA_ACCESS_NOT_REQUESTED')
  })

  test('waits, is granted with a password until its first use, is taken away, and can be asked for again', async () => {
    const facility = new TestFacility('E02')
    const password = await facility.join(hub)
    const authorization = basic(facility.nodeName, password)
    const request = (body?: unknown) => hub.ask('/node/data-access', { method: 'POST', authorization, body })
    expect(await request({ reason: 'Referrals.' })).toMatchObject({ status: 202, body: { status: 'pending' } })
    expect(await request()).toMatchObject({ status: 202, body: { status: 'pending' } })
    expect(await nodePassword(facility, password)).toBeUndefined()

    const accepted = await node(facility, 'data-access/accept', { paperScheme: true })
    expect(accepted.body).toMatchObject({
      dataAccess: { status: 'accepted', requestReason: 'Referrals.', paperScheme: true },
    })
    const key = await nodePassword(facility, password)
    expect(key).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(await nodePassword(facility, password)).toBe(key)
    await node(facility, 'data-access/accept')
    expect(await nodePassword(facility, password)).toBe(key)

    expect(await other.nodes.nodePasswords(facility.nodeName)).toEqual([key])
    await other.nodes.dataAccessUsed(facility.nodeName, key ?? '')
    expect(await nodePassword(facility, password)).toBeUndefined()
    expect(await hub.nodes.nodePasswords(facility.nodeName)).toEqual([key])

    expect((await node(facility, 'data-access/reject', { reason: 'No contract.' })).status).toBe(200)
    await within5s('the key is gone', async () => (await other.nodes.nodePasswords(facility.nodeName)).length === 0)
    expect((await facility.configuration(hub, password)).body).toMatchObject({
      dataAccess: { status: 'rejected', reason: 'No contract.' },
    })
    expect(await request()).toMatchObject({ status: 202, body: { status: 'pending' } })
    await node(facility, 'data-access/accept')
    expect(await nodePassword(facility, password)).not.toBe(key)
  })
})

test('lists show nodes and registrations under their nouns, and no secret', async () => {
  const facility = new TestFacility('F01')
  const password = await facility.join(hub)
  await facility.configuration(hub, password)
  await until('it is noted that it was seen', async () => {
    const { nodes } = (await hub.operator('/operator/nodes')).body as { nodes: Record<string, unknown>[] }
    return nodes.some(({ externalId, lastSeenAt }) => externalId === 'F01' && lastSeenAt !== undefined)
  })
  const list = await hub.operator('/operator/nodes')
  const { nodes } = list.body as { nodes: Record<string, unknown>[] }
  expect(nodes.find(({ externalId }) => externalId === 'F01')).toMatchObject({
    nodeName: 'node-F01',
    state: 'active',
    registrationId: facility.id,
    dataAccess: { status: 'none' },
    refusedDocuments: 0,
  })
  expect(JSON.stringify(list.body)).not.toMatch(/_id|_rev|ealed|assword/)
  const all = (await hub.operator('/operator/registrations')).body as { registrations: { status: string }[] }
  const accepted = (await hub.operator('/operator/registrations?status=accepted')).body as typeof all
  expect(all.registrations.length).toBeGreaterThan(accepted.registrations.length)
  expect(new Set(accepted.registrations.map(({ status }) => status))).toEqual(new Set(['accepted']))
  expect(codeOf(await hub.operator('/operator/registrations?status=any'))).toBe('INVALID_REQUEST')
  expect(codeOf(await hub.operator('/operator/registrations?state=pending'))).toBe('INVALID_REQUEST')
})

test('no secret stands in the database as it is', async () => {
  const facility = new TestFacility('F02')
  const password = await facility.join(hub)
  await hub.ask('/node/data-access', { method: 'POST', authorization: basic(facility.nodeName, password) })
  await node(facility, 'data-access/accept')
  const key = await nodePassword(facility, password)
  await node(facility, 'rotate')
  const fresh = await facility.syncPassword(hub)
  const couch = connect(store.address)
  for (const name of ['nodes', 'node_security', 'audit', '_users']) {
    const text = JSON.stringify(await couch.database(name).allDocs({ includeDocs: true }))
    for (const secret of [password, fresh, key, facility.claim]) expect(text).not.toContain(secret)
  }
  await couch.stop()
})

async function nodePassword(facility: TestFacility, syncPassword: string): Promise<string | undefined> {
  const { body } = await facility.configuration(hub, syncPassword)
  return (body as { dataAccess: { nodePassword?: string } }).dataAccess.nodePassword
}

async function acceptedPassword(facility: TestFacility): Promise<string> {
  const accepted = await hub.operator(`/operator/registrations/${facility.id}/accept`, {})
  expect(accepted.status).toBe(200)
  return facility.syncPassword(hub)
}
