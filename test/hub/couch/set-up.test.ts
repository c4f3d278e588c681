import { connect } from '../../../hub/couch/connect'
import { type BuiltDesignDoc, designDocsOf } from '../../../hub/couch/design-docs'
import { setUpCouch } from '../../../hub/couch/set-up'
import { createLog } from '../../../runtime/log'
import { Secret } from '../../../runtime/settings'
import { startCouch, type TestCouch } from '../../support/couch'

const log = createLog('hub', 'error')
const signal = new AbortController().signal
const DATABASES = ['ehr', 'nodes', 'node_security', 'audit'] as const

describe('setting up a CouchDB', () => {
  let store: TestCouch
  beforeEach(async () => {
    store = await startCouch()
  })
  afterEach(() => store.stop())

  test('makes the databases with their design documents, and a hub id that stays', async () => {
    const couch = connect(store.address)
    const { hubId } = await setUpCouch(couch, { log, signal })
    for (const name of DATABASES) expect((await couch.database(name).info()).docCount).toBeGreaterThanOrEqual(0)
    const ids = async (name: string) =>
      (await couch.database(name).allDocs({ startkey: '_design/', endkey: '_design0' })).map((row) => row.id)
    for (const name of ['ehr', 'audit'] as const) {
      expect(await ids(name)).toEqual(designDocsOf(name).map(({ _id }) => _id))
    }
    expect(await ids('ehr')).toEqual(expect.arrayContaining(['_design/envelope', '_design/ownership']))
    expect(await ids('audit')).toContain('_design/append-only')
    expect((await setUpCouch(couch, { log, signal })).hubId).toBe(hubId)
    await couch.stop()
  })

  test('writes nothing the second time', async () => {
    const couch = connect(store.address)
    await setUpCouch(couch, { log, signal })
    const revisions = async () =>
      (await Promise.all(DATABASES.map((name) => couch.database(name).allDocs()))).flat().map((row) => row.value.rev)
    const first = await revisions()
    await setUpCouch(couch, { log, signal })
    expect(await revisions()).toEqual(first)
    expect(first.every((rev) => rev.startsWith('1-'))).toBe(true)
    await couch.stop()
  })

  test('writes a design document again that is of another version', async () => {
    const couch = connect(store.address)
    await setUpCouch(couch, { log, signal })
    const ehr = couch.database('ehr')
    const before = await ehr.get<{ lontar: object }>('_design/ownership')
    await ehr.put({ ...before, _id: '_design/ownership', lontar: { sha256: 'older' } } as { _id: string })
    await setUpCouch(couch, { log, signal })
    expect(await ehr.get('_design/ownership')).toMatchObject({ lontar: before?.lontar ?? {} })
    await couch.stop()
  })

  test('writes a design document again that somebody changed by hand, and says so', async () => {
    const couch = connect(store.address)
    await setUpCouch(couch, { log, signal })
    const ehr = couch.database('ehr')
    const before = await ehr.get<BuiltDesignDoc & { validate_doc_update: string }>('_design/ownership')
    if (!before) throw new Error('there is no such document')
    await ehr.put({ ...before, validate_doc_update: 'function () {}' } as { _id: string })
    const warned = jest.fn()
    const listening = Object.assign(createLog('hub', 'silent'), { warn: warned })
    await setUpCouch(couch, { log: listening, signal })
    const after = await ehr.get<typeof before>('_design/ownership')
    expect(after).toEqual({ ...before, _rev: expect.stringMatching(/^3-/) })
    expect(warned.mock.calls).toEqual([
      [{ database: 'ehr', id: '_design/ownership' }, expect.stringContaining('changed by hand')],
    ])
    await setUpCouch(couch, { log: listening, signal })
    expect((await ehr.get('_design/ownership'))?._rev).toBe(after?._rev)
    await couch.stop()
  })

  test('several gateways at the same moment end with one hub', async () => {
    const couches = Array.from({ length: 5 }, () => connect(store.address))
    const hubs = await Promise.all(couches.map((couch) => setUpCouch(couch, { log, signal })))
    expect(new Set(hubs.map(({ hubId }) => hubId)).size).toBe(1)
    await Promise.all(couches.map((couch) => couch.stop()))
  })

  test('partitions ehr where the server can', async () => {
    const couch = connect(store.address)
    await setUpCouch(couch, { log, signal })
    const { features } = await couch.welcome()
    expect(features.includes('partitioned')).toBe(store.kind === 'couchdb')
    await couch.stop()
  })

  test('says so when the administrator is not accepted, without the password', async () => {
    const couch = connect({ ...store.address, username: 'someone', password: new Secret('not-the-password') })
    const failed = setUpCouch(couch, { log, signal })
    await expect(failed).rejects.toThrow(/does not accept the administrator/)
    await expect(failed).rejects.not.toThrow(/not-the-password/)
    await couch.stop()
  })
})

test('gives up a CouchDB that never answers, with its address', async () => {
  const couch = connect({ url: 'http://127.0.0.1:9', username: 'admin', password: new Secret('x') })
  const silent = createLog('hub', 'silent')
  await expect(setUpCouch(couch, { log: silent, signal, waitMs: 300 })).rejects.toThrow(
    'The CouchDB at http://127.0.0.1:9 does not answer.',
  )
  await couch.stop()
})
