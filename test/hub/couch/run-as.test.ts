import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Couch, connect } from '../../../hub/couch/connect'
import { type AskAsUser, NodeSessions } from '../../../hub/couch/run-as'
import { setUpCouch } from '../../../hub/couch/set-up'
import { createLog } from '../../../runtime/log'
import { startCouch, type TestCouch } from '../../support/couch'

const log = createLog('hub', 'error')
const signal = new AbortController().signal
const USER = 'org.couchdb.user:node-101'

describe('requests as a node', () => {
  let store: TestCouch
  let couch: Couch
  let sessions: NodeSessions

  const account = (password: string) => ({
    _id: USER,
    type: 'user',
    name: 'node-101',
    roles: ['node', 'facility:101'],
    password,
  })

  beforeEach(async () => {
    store = await startCouch()
    couch = connect(store.address)
    await setUpCouch(couch, { log, signal })
    await couch.database('_users').put(account('secret-one'))
    sessions = new NodeSessions(store.address.url)
  })
  afterEach(async () => {
    await sessions.stop()
    await couch.stop()
    await store.stop()
  })

  test('refuses a wrong password and an unknown name', async () => {
    expect(await sessions.asUser('node-101', 'wrong')).toBeUndefined()
    expect(await sessions.asUser('node-102', 'secret-one')).toBeUndefined()
    expect(await sessions.asUser('', '')).toBeUndefined()
  })

  test('carries the rights of the node and no more', async () => {
    const ask = await sessions.asUser('node-101', 'secret-one')
    expect((await ask?.('GET', '/ehr'))?.status).toBe(200)
    expect((await ask?.('GET', '/nodes/hub'))?.status).toBe(403)
    expect((await ask?.('GET', '/_all_dbs'))?.status).toBe(401)
    const put = await ask?.('PUT', '/ehr/_local/checkpoint', { last: 1 })
    expect(put?.status).toBe(201)
    expect((await ask?.('GET', '/ehr/_local/checkpoint'))?.body).toMatchObject({ last: 1 })
  })

  test('a password that was changed ends the session, and the new one works', async () => {
    const ask = await sessions.asUser('node-101', 'secret-one')
    const users = couch.database('_users')
    const before = await users.get(USER)
    await users.put({ ...account('secret-two'), _rev: before?._rev ?? '' })
    await untilRefused(ask)
    expect(await sessions.asUser('node-101', 'secret-one')).toBeUndefined()
    const again = await sessions.asUser('node-101', 'secret-two')
    expect((await again?.('GET', '/ehr'))?.status).toBe(200)
  })

  test('a password that CouchDB refuses is shown to it once, however many pushes are under way with it', async () => {
    const asks = await Promise.all(Array.from({ length: 20 }, () => sessions.asUser('node-101', 'secret-one')))
    const users = couch.database('_users')
    const before = await users.get(USER)
    await users.put({ ...account('secret-two'), _rev: before?._rev ?? '' })
    await untilRefused(asks[0])
    for (const ask of asks) expect((await ask?.('GET', '/ehr'))?.status).toBe(401)
    for (let push = 0; push < 20; push++) expect(await sessions.asUser('node-101', 'secret-one')).toBeUndefined()
    // Five wrong ones would have locked the account for the right one too.
    expect(await sessions.asUser('node-101', 'secret-two')).toBeDefined()
  })

  test('an account that was taken away is refused', async () => {
    const ask = await sessions.asUser('node-101', 'secret-one')
    const users = couch.database('_users')
    const user = await users.get(USER)
    if (user) await users.remove(user)
    await untilRefused(ask)
  })
})

/** CouchDB keeps accounts in a cache that follows the changes of `_users`, a moment later. */
async function untilRefused(ask: AskAsUser | undefined): Promise<void> {
  while ((await ask?.('GET', '/ehr'))?.status !== 401) await new Promise((resolve) => setTimeout(resolve, 20))
}

describe('sessions', () => {
  const counted = { logins: 0, asked: 0 }
  let refuseNext = false
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    if (request.url === '/couch/_session') {
      counted.logins++
      response.setHeader('set-cookie', `AuthSession=cookie-${counted.logins}; Version=1; HttpOnly`)
    } else {
      counted.asked++
      if (refuseNext || request.headers.cookie !== `AuthSession=cookie-${counted.logins}`) response.statusCode = 401
      refuseNext = false
    }
    request.resume().once('end', () => response.end('{}'))
  })
  let now = 0
  let sessions: NodeSessions
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    sessions = new NodeSessions(`http://127.0.0.1:${port}/couch/`, () => now)
  })
  afterAll(async () => {
    await sessions.stop()
    server.close()
  })

  test('cost one login for many requests, even for those that come at once', async () => {
    const asks = await Promise.all(Array.from({ length: 10 }, () => sessions.asUser('node-101', 'x')))
    await Promise.all(asks.map((ask) => ask?.('GET', '/ehr')))
    expect(counted).toEqual({ logins: 1, asked: 10 })
  })

  test('are renewed when they have aged, and once when CouchDB ended them', async () => {
    const ask = await sessions.asUser('node-101', 'x')
    now += 9 * 60_000
    expect((await ask?.('GET', '/ehr'))?.status).toBe(200)
    expect(counted.logins).toBe(2)
    refuseNext = true
    expect((await ask?.('GET', '/ehr'))?.status).toBe(200)
    expect(counted.logins).toBe(3)
  })

  test('are each node’s own', async () => {
    await sessions.asUser('node-102', 'x')
    await sessions.asUser('node-102', 'y')
    expect(counted.logins).toBe(5)
  })

  test('are bounded in number: the oldest is forgotten, and opened again when it is needed', async () => {
    await sessions.asUser('first', 'x')
    const before = counted.logins
    for (let batch = 0; batch < 20; batch++) {
      await Promise.all(Array.from({ length: 100 }, (_, index) => sessions.asUser(`n${batch}-${index}`, 'x')))
    }
    expect(counted.logins).toBe(before + 2_000)
    await sessions.asUser('n19-99', 'x')
    expect(counted.logins).toBe(before + 2_000)
    await sessions.asUser('first', 'x')
    expect(counted.logins).toBe(before + 2_001)
  })
})

test('says DATABASE_UNAVAILABLE where nothing answers', async () => {
  const sessions = new NodeSessions('http://127.0.0.1:9')
  await expect(sessions.asUser('node-101', 'x')).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
  await sessions.stop()
})
