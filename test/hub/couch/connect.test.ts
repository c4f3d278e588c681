import { AnsweredError } from '../../../hub/couch/ask'
import { connect } from '../../../hub/couch/connect'
import type { CouchDatabase } from '../../../hub/couch/couch-database'
import { setUpCouch } from '../../../hub/couch/set-up'
import { checkReady } from '../../../hub/readiness'
import { createLog } from '../../../runtime/log'
import { Secret } from '../../../runtime/settings'
import { type ScriptedAnswer, type ScriptedServer, startScriptedServer } from '../../support/scripted-server'

const WRONG = { status: 401, body: { error: 'unauthorized', reason: 'Name or password is incorrect.' } }
/** What chttpd_auth_lockout says: after five wrong passwords the right one is refused as well. */
const LOCKED = {
  status: 403,
  body: { error: 'forbidden', reason: 'Account is temporarily locked due to multiple authentication failures' },
}
const WELCOME = { status: 200, body: { couchdb: 'Welcome', version: '3.5.0', features: [] } }

let server: ScriptedServer | undefined
let error: jest.Mock

async function couchThat(answer: (method: string, path: string) => ScriptedAnswer) {
  server = await startScriptedServer(({ method, path }) => answer(method, path))
  error = jest.fn()
  return connect({ url: server.url, username: 'admin', password: new Secret('admin-password') }, { log: { error } })
}

afterEach(() => server?.stop())

describe.each([
  ['a wrong password', WRONG, /COUCHDB_URL/],
  ['a locked account', LOCKED, /locked.*COUCHDB_URL.*five minutes/],
])('an administrator who is refused for %s', (_what, refusal, advice) => {
  test('is the database being unavailable, whatever was asked, and the log says once what to do', async () => {
    const couch = await couchThat(() => refusal)
    const nodes = couch.database('nodes')
    const unavailable = { code: 'DATABASE_UNAVAILABLE', status: 503 }
    await expect(nodes.get('hub')).rejects.toMatchObject(unavailable)
    await expect(nodes.put({ _id: 'hub' })).rejects.toMatchObject(unavailable)
    await expect(nodes.bulk([{}])).rejects.toMatchObject(unavailable)
    await expect(nodes.view('registrations', 'waiting')).rejects.toMatchObject(unavailable)
    await expect(couch.createDatabase('nodes')).rejects.toMatchObject(unavailable)
    expect(error.mock.calls).toEqual([[expect.anything(), expect.stringMatching(advice)]])
    expect(JSON.stringify(error.mock.calls)).not.toContain('admin-password')
    await couch.stop()
  })

  test('is not ready', async () => {
    const couch = await couchThat(() => refusal)
    await expect(checkReady(() => couch.database('nodes').info())).rejects.toMatchObject({ status: 503 })
    await couch.stop()
  })

  test('ends a start at once', async () => {
    const couch = await couchThat(() => refusal)
    const set = setUpCouch(couch, { log: createLog('hub', 'silent'), signal: new AbortController().signal })
    await expect(set).rejects.toThrow(/does not accept the administrator/)
    await couch.stop()
  })
})

describe('laws 3 and 6: what fewer nodes of a cluster have written than its quorum asks for is not written', () => {
  test.each([
    ['many at once', (nodes: CouchDatabase) => nodes.bulk([{ _id: 'import:1' }])],
    ['one', (nodes: CouchDatabase) => nodes.put({ _id: 'import:1' })],
    ['a removal', (nodes: CouchDatabase) => nodes.remove({ _id: 'import:1', _rev: '1-a' })],
  ])('%s', async (_what, write) => {
    let status = 202
    const couch = await couchThat(() => ({ status, body: { ok: true, id: 'import:1', rev: '1-a' } }))
    const write202 = write(couch.database('nodes'))
    await expect(write202).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', status: 503 })
    status = 201
    await expect(write(couch.database('nodes'))).resolves.toBeDefined()
    await couch.stop()
  })
})

test('a validator that forbids one write is no such case', async () => {
  const couch = await couchThat((_method, path) =>
    path === '/' ? WELCOME : { ...LOCKED, body: { error: 'forbidden' } },
  )
  const put = couch.database('audit').put({ _id: 'import:1' })
  await expect(put).rejects.toBeInstanceOf(AnsweredError)
  await expect(put).rejects.toMatchObject({ status: 403 })
  expect(error).not.toHaveBeenCalled()
  await couch.stop()
})
