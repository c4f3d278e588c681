import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import PouchDB from 'pouchdb'
import { connect } from '../../../hub/couch/connect'
import { startCouch, type TestCouch } from '../../support/couch'

/** What the hub uses of CouchDB's HTTP, asked of whichever store the tests run against. */
describe('the store behind HTTP', () => {
  let store: TestCouch
  let origin: string
  const NAME = 'nodes'

  beforeAll(async () => {
    store = await startCouch()
    origin = store.address.url
    const couch = connect(store.address)
    await couch.createDatabase(NAME)
    await couch.createDatabase('_users')
    await couch.stop()
  })
  afterAll(() => store.stop())

  const basic = (name: string, password: string) => `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
  async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: {
        authorization: basic(store.address.username, store.address.password.reveal()),
        'content-type': 'application/json',
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text ? JSON.parse(text) : undefined, headers: response.headers }
  }
  const bulk = (docs: object[], more: object = {}) => ask('POST', `/${NAME}/_bulk_docs`, { docs, ...more })

  describe('says no to nobody, and to wrong passwords', () => {
    const paths = [
      '/_all_dbs',
      `/${NAME}`,
      `/${NAME}/_all_docs`,
      `/${NAME}/x`,
      `/${NAME}/_changes`,
      '/_users/_all_docs',
    ]
    test.each(paths)('%s', async (path) => {
      expect((await ask('GET', path, undefined, { authorization: '' })).status).toBe(401)
      // A name for each path: after five wrong passwords for one, CouchDB locks it for minutes, the right one too.
      const wrong = { authorization: basic(`nobody${paths.indexOf(path)}`, 'wrong') }
      expect((await ask('GET', path, undefined, wrong)).status).toBe(401)
      expect((await ask('GET', path, undefined, { authorization: basic('', '') })).status).toBe(401)
    })
    test.each(['PUT', 'DELETE'])('%s of a database', async (method) => {
      expect((await ask(method, '/nodes', undefined, { authorization: '' })).status).toBe(401)
    })
    test('writes', async () => {
      const nobody = { authorization: '' }
      expect((await ask('POST', `/${NAME}/_bulk_docs`, { docs: [{ _id: 'x' }] }, nobody)).status).toBe(401)
      expect((await ask('PUT', `/${NAME}/x`, {}, nobody)).status).toBe(401)
      expect((await ask('PUT', '/_users/org.couchdb.user:x', {}, nobody)).status).toBe(401)
      expect((await ask('PUT', `/${NAME}/_security`, {}, nobody)).status).toBeGreaterThanOrEqual(400)
    })
  })

  test('a database is made once', async () => {
    expect((await ask('PUT', `/${NAME}`)).status).toBe(412)
    expect((await ask('GET', '/node_security')).status).toBe(404)
    expect((await ask('GET', '/node_security/x')).status).toBe(404)
  })

  test('documents: create, read, conflict, update, delete', async () => {
    const created = await ask('PUT', `/${NAME}/one`, { a: 1 })
    expect(created).toMatchObject({ status: 201, body: { ok: true, id: 'one' } })
    const rev = created.body.rev
    expect((await ask('PUT', `/${NAME}/one`, { a: 2 })).status).toBe(409)
    expect((await ask('PUT', `/${NAME}/one`, { a: 2, _rev: '1-00000000000000000000000000000000' })).status).toBe(409)
    expect((await ask('GET', `/${NAME}/one`)).body).toEqual({ _id: 'one', _rev: rev, a: 1 })
    const updated = await ask('PUT', `/${NAME}/one`, { a: 2, _rev: rev })
    expect(updated.status).toBe(201)
    expect((await ask('PUT', `/${NAME}/one`, { a: 3 }, { 'if-match': updated.body.rev })).status).toBe(201)
    expect((await ask('DELETE', `/${NAME}/one`)).status).toBe(409)
    const { body } = await ask('GET', `/${NAME}/one`)
    expect((await ask('DELETE', `/${NAME}/one?rev=${body._rev}`)).status).toBe(200)
    expect((await ask('GET', `/${NAME}/one`)).status).toBe(404)
    expect((await ask('PUT', `/${NAME}/one`, { again: true })).status).toBe(201)
  })

  test('of those who remove one revision at once one has done it, and the others hear that they were late', async () => {
    const couch = connect(store.address)
    const nodes = couch.database(NAME)
    const made = await nodes.put({ _id: 'removed-at-once' })
    const doc = { _id: 'removed-at-once', _rev: made.kind === 'written' ? made.rev : '' }
    const kinds = (await Promise.all(Array.from({ length: 8 }, () => nodes.remove(doc)))).map(({ kind }) => kind)
    expect(kinds.toSorted()).toEqual([...Array.from({ length: 7 }, () => 'conflict'), 'written'])
    expect((await nodes.remove(doc)).kind).toBe('conflict')
    await expect(couch.database('no-such-database').remove(doc)).rejects.toMatchObject({ status: 404 })
    await couch.stop()
  })

  test('bulk: one answer for each document, in order', async () => {
    const { status, body } = await bulk([{ _id: 'b1' }, { _id: 'b2', _rev: '5-ab' }, { _id: 'b1' }, { _id: 'b3' }])
    expect(status).toBe(201)
    expect(body).toMatchObject([{ id: 'b1' }, { id: 'b2' }, { id: 'b1', error: 'conflict' }, { id: 'b3' }])
    expect(body[0].rev).toMatch(/^1-/)
    expect(body[3].rev).toMatch(/^1-/)
  })

  test('replication: _revs_diff, new_edits:false, conflicts, _bulk_get', async () => {
    const doc = { _id: 'r1', n: 1, _rev: '2-bb', _revisions: { start: 2, ids: ['bb', 'aa'] } }
    expect((await bulk([doc], { new_edits: false })).body).toEqual([])
    expect((await bulk([doc], { new_edits: false })).body).toEqual([])
    const other = { _id: 'r1', n: 2, _rev: '2-cc', _revisions: { start: 2, ids: ['cc', 'aa'] } }
    expect((await bulk([other], { new_edits: false })).body).toEqual([])
    const read = (await ask('GET', `/${NAME}/r1?conflicts=true`)).body
    expect(read).toMatchObject({ _rev: '2-cc', _conflicts: ['2-bb'] })
    const diff = (await ask('POST', `/${NAME}/_revs_diff`, { r1: ['2-bb', '3-dd'], r2: ['1-aa'] })).body
    expect(diff).toMatchObject({ r1: { missing: ['3-dd'] }, r2: { missing: ['1-aa'] } })
    const got = (await ask('POST', `/${NAME}/_bulk_get?revs=true`, { docs: [{ id: 'r1', rev: '2-bb' }] })).body
    expect(got.results[0].docs[0].ok).toEqual({ ...doc })
  })

  test('_local documents: checkpoints with revisions of their own', async () => {
    expect((await ask('GET', `/${NAME}/_local/c`)).status).toBe(404)
    const first = await ask('PUT', `/${NAME}/_local/c`, { seq: 1 })
    expect(first).toMatchObject({ status: 201, body: { id: '_local/c', rev: '0-1' } })
    const second = await ask('PUT', `/${NAME}/_local/c`, { seq: 2, _rev: '0-1' })
    expect(second).toMatchObject({ status: 201, body: { rev: '0-2' } })
    expect((await ask('GET', `/${NAME}/_local/c`)).body).toEqual({ _id: '_local/c', _rev: '0-2', seq: 2 })
  })

  describe('_all_docs', () => {
    const ids = async (query: string, body?: unknown) => {
      const answer = await ask(body ? 'POST' : 'GET', `/${NAME}/_all_docs${query}`, body)
      expect(answer.status).toBe(200)
      return (answer.body.rows as { id?: string; key: string }[]).map((row) => row.id ?? `!${row.key}`)
    }
    beforeAll(() => bulk(['k1', 'k2', 'k3', 'k4'].map((_id) => ({ _id, v: _id }))))

    const cases: [string, string[]][] = [
      ['?startkey="k1"&endkey="k3"', ['k1', 'k2', 'k3']],
      ['?startkey="k1"&endkey="k3"&inclusive_end=false', ['k1', 'k2']],
      ['?start_key="k2"&end_key="k3"', ['k2', 'k3']],
      ['?startkey="k4"&endkey="k2"&descending=true', ['k4', 'k3', 'k2']],
      ['?startkey="k1"&endkey="k9"&limit=2', ['k1', 'k2']],
      ['?startkey="k1"&endkey="k9"&skip=1&limit=2', ['k2', 'k3']],
      ['?startkey="k1"&endkey="k9"&limit=0', []],
      ['?key="k2"', ['k2']],
      ['?startkey="k1"&endkey="k1\ufff0"', ['k1']],
      ['?keys=["k3","k1"]', ['k3', 'k1']],
    ]
    test.each(cases)('%s', async (query, expected) => {
      expect(await ids(query.replace('\ufff0', encodeURIComponent('\ufff0')))).toEqual(expected)
    })
    test('keys in a body, in their order, with those that are missing', async () => {
      expect(await ids('', { keys: ['k3', 'nope', 'k1'] })).toEqual(['k3', '!nope', 'k1'])
    })
    test('include_docs', async () => {
      const { body } = await ask('GET', `/${NAME}/_all_docs?key="k2"&include_docs=true`)
      expect(body.rows[0]).toMatchObject({ id: 'k2', doc: { _id: 'k2', v: 'k2' } })
    })
  })

  test('_changes from a sequence on, and a longpoll that is woken', async () => {
    const { body } = await ask('GET', `/${NAME}/_changes?limit=1`)
    expect(body.results).toHaveLength(1)
    const last = (await ask('GET', `/${NAME}/_changes`)).body.last_seq
    const after = (await ask('GET', `/${NAME}/_changes?since=${encodeURIComponent(last)}`)).body
    expect(after.results).toEqual([])
    const woken = ask('GET', `/${NAME}/_changes?feed=longpoll&since=${encodeURIComponent(last)}`)
    await ask('PUT', `/${NAME}/woke`, {})
    expect((await woken).body.results).toMatchObject([{ id: 'woke' }])
  })

  test('_session: a cookie that works, by JSON and by form, and none for a wrong password', async () => {
    const { username, password } = store.address
    const form = new URLSearchParams({ name: username, password: password.reveal() }).toString()
    const forms: [string, string][] = [
      ['application/json', JSON.stringify({ name: username, password: password.reveal() })],
      ['application/x-www-form-urlencoded', form],
    ]
    for (const [type, body] of forms) {
      const answer = await ask('POST', '/_session', body, { 'content-type': type, authorization: '' })
      expect(answer).toMatchObject({ status: 200, body: { ok: true, roles: ['_admin'] } })
      const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
      const session = await ask('GET', '/_session', undefined, { authorization: '', cookie })
      expect(session.body.userCtx.roles).toEqual(['_admin'])
      const forged = `${cookie.slice(0, -3)}${cookie.endsWith('AAA') ? 'BBB' : 'AAA'}`
      const refused = await ask('GET', `/${NAME}`, undefined, { authorization: '', cookie: forged })
      expect(refused.status).toBeGreaterThanOrEqual(400)
    }
    const wrong = await ask('POST', '/_session', { name: 'nobody', password: 'wrong' }, { authorization: '' })
    expect(wrong.status).toBe(401)
    expect(wrong.headers.get('set-cookie') ?? '').not.toMatch(/AuthSession=[^;]/)
  })

  test('_users: no password is stored, and a user sees no account', async () => {
    const user = { type: 'user', name: 'node-7Z', roles: ['node'], password: 'secret-7z' }
    expect((await ask('PUT', '/_users/org.couchdb.user:node-7Z', user)).status).toBe(201)
    const stored = (await ask('GET', '/_users/org.couchdb.user:node-7Z')).body
    expect(JSON.stringify(stored)).not.toContain('secret-7z')
    const as = { authorization: basic('node-7Z', 'secret-7z') }
    expect((await ask('GET', '/_session', undefined, as)).body.userCtx).toMatchObject({
      name: 'node-7Z',
      roles: ['node'],
    })
    const elevated = { ...stored, roles: ['node', 'facility:101', '_admin'] }
    expect((await ask('PUT', '/_users/org.couchdb.user:node-7Z', elevated, as)).status).toBeGreaterThanOrEqual(400)
    expect((await ask('GET', `/${NAME}`, undefined, as)).status).toBe(403)
    expect((await ask('GET', '/_all_dbs', undefined, as)).status).toBe(401)
    expect((await ask('DELETE', `/${NAME}`, undefined, as)).status).toBe(401)
  })

  test('no local document lets a member of a database change who may read it', async () => {
    const users = 'org.couchdb.user:member'
    await ask('PUT', `/_users/${users}`, { name: 'member', type: 'user', roles: ['reader'], password: 'secret' })
    const security = { admins: { names: [], roles: ['_admin'] }, members: { names: [], roles: ['reader'] } }
    expect((await ask('PUT', `/${NAME}/_security`, security)).status).toBe(200)
    const member = { authorization: basic('member', 'secret') }
    const evil = { admins: { names: ['member'], roles: [] }, members: { names: ['member'], roles: [] } }
    for (const revision of [undefined, '0-1', '0-2']) {
      const doc = { _id: '_local/_security', ...(revision && { _rev: revision }), security: evil, ...evil }
      await ask('PUT', `/${NAME}/_local/_security`, doc, member)
      await ask('PUT', `/${NAME}/%5Flocal%2F%5Fsecurity`, doc, member)
      await ask('POST', `/${NAME}/_bulk_docs`, { docs: [doc] }, member)
      await ask('POST', `/${NAME}`, doc, member)
    }
    expect((await ask('GET', `/${NAME}/_security`)).body).toEqual(security)
    expect((await ask('PUT', `/${NAME}/_design/mine`, {}, member)).status).toBe(403)
    await ask('PUT', `/${NAME}/_security`, { admins: { roles: ['_admin'] }, members: { roles: ['_admin'] } })
  })

  test('a stock PouchDB replicates to it and from it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lontar-stock-'))
    const Local = PouchDB.defaults({ prefix: `${folder}/` })
    const [here, there] = [new Local('here'), new Local('there')]
    await here.bulkDocs(Array.from({ length: 30 }, (_, n) => ({ _id: `stock-${n}` })))
    const remote = new PouchDB(`${store.url}/${NAME}`)
    expect(await here.replicate.to(remote)).toMatchObject({ ok: true, docs_written: 30, doc_write_failures: 0 })
    expect(await here.replicate.to(remote)).toMatchObject({ ok: true, docs_written: 0 })
    expect(await remote.replicate.to(there)).toMatchObject({ ok: true, doc_write_failures: 0 })
    expect((await there.allDocs({ startkey: 'stock-', endkey: 'stock-z' })).rows).toHaveLength(30)
    await Promise.all([here.close(), there.close(), remote.close()])
    rmSync(folder, { recursive: true, force: true })
  })

  test('many writers at once: each revision has one winner', async () => {
    await ask('PUT', `/${NAME}/contended`, { n: 0 })
    const { _rev } = (await ask('GET', `/${NAME}/contended`)).body
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => ask('PUT', `/${NAME}/contended`, { n, _rev })),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19)
  })
})
