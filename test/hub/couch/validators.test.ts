import { type Couch, connect } from '../../../hub/couch/connect'
import type { BulkResult } from '../../../hub/couch/couch-database'
import { type AskAsUser, NodeSessions } from '../../../hub/couch/run-as'
import { setUpCouch } from '../../../hub/couch/set-up'
import { createLog } from '../../../runtime/log'
import { OBSERVATION, ORGANIZATION, of, PATIENT } from '../../design-docs/records'
import { startCouch, type TestCouch } from '../../support/couch'

const signal = new AbortController().signal
/** A history that nobody wrote here. */
const INVENTED = { _rev: '9-aa', _revisions: { start: 9, ids: ['aa', 'bb', 'cc'] } }

describe('the validators inside the running store', () => {
  let store: TestCouch
  let couch: Couch
  let sessions: NodeSessions
  let as101: AskAsUser
  let as10: AskAsUser

  beforeAll(async () => {
    store = await startCouch()
    couch = connect(store.address)
    await setUpCouch(couch, { log: createLog('hub', 'error'), signal })
    sessions = new NodeSessions(store.address.url)
    const accountOf = async (externalId: string): Promise<AskAsUser> => {
      const name = `node-${externalId}`
      const roles = ['node', `facility:${externalId}`]
      await couch.database('_users').put({
        _id: `org.couchdb.user:${name}`,
        ...{ type: 'user', name, roles, password: 'secret' },
      })
      const ask = await sessions.asUser(name, 'secret')
      if (!ask) throw new Error('the account does not work')
      return ask
    }
    as101 = await accountOf('101')
    as10 = await accountOf('10')
  })
  afterAll(async () => {
    await sessions.stop()
    await couch.stop()
    await store.stop()
  })

  async function push(ask: AskAsUser, docs: readonly object[], newEdits: boolean): Promise<BulkResult[]> {
    const answer = await ask('POST', '/ehr/_bulk_docs', { docs, new_edits: newEdits })
    expect(answer.status).toBe(201)
    return answer.body as BulkResult[]
  }

  const refused: [string, () => AskAsUser, { _id: string }][] = [
    ["another facility's document", () => as101, of('102', OBSERVATION)],
    ["a tombstone for another facility's", () => as101, { _id: of('102', OBSERVATION)._id, _deleted: true } as never],
    ['a document of 101 by 10', () => as10, OBSERVATION],
    ['a document of 10 by 101', () => as101, of('10', OBSERVATION)],
    ['an _id and mrn that disagree', () => as101, { ...OBSERVATION, mrn: '10100000043' } as never],
    ['an _id and resource that disagree', () => as101, { ...OBSERVATION, resource: PATIENT.resource } as never],
    ['an _id that begins with nobody', () => as101, { ...PATIENT, _id: 'x:Patient' }],
    ['what stays local', () => as101, { ...OBSERVATION, localOnly: true } as never],
    ['an imported copy', () => as101, { ...OBSERVATION, imported: { facility: '102' } } as never],
  ]
  let made = 0
  describe.each(refused)('refuse %s', (_what, ask, doc) => {
    test('as a new document, by itself among others', async () => {
      const local = `a${made++}`
      const resource = { ...ORGANIZATION.resource, id: `101.${local}` }
      const own = { ...ORGANIZATION, _id: `101:Organization:${local}`, resource }
      const docs = ask() === as101 ? [doc, own] : [doc]
      const [first, second] = await push(ask(), docs, true)
      expect(first).toMatchObject({ id: doc._id, error: 'forbidden', reason: expect.any(String) })
      if (ask() === as101) expect(second).toMatchObject({ id: own._id, rev: expect.stringMatching(/^1-/) })
    })

    test('with an invented history', async () => {
      const rows = await push(ask(), [{ ...doc, ...INVENTED }], false)
      expect(rows).toHaveLength(1)
      expect(rows[0]).toMatchObject({ id: doc._id, error: 'forbidden' })
      expect(await couch.database('ehr').get(doc._id)).toBeUndefined()
    })

    test('put by itself', async () => {
      const answer = await ask()('PUT', `/ehr/${encodeURIComponent(doc._id)}`, doc)
      expect(answer).toMatchObject({ status: 403, body: { error: 'forbidden' } })
    })
  })

  test('refuse an id without a colon, alone or, where the database is partitioned, with all that came along', async () => {
    const answer = await as101('POST', '/ehr/_bulk_docs', { docs: [{ _id: 'Patient' }] })
    if (store.kind === 'couchdb') expect(answer.status).toBe(400)
    else expect(answer.body).toMatchObject([{ id: 'Patient', error: 'forbidden' }])
  })

  test('let nobody but an admin write a design document, by whichever way', async () => {
    const doc = { _id: '_design/zzz', validate_doc_update: '(function () {})' }
    expect((await as101('PUT', '/ehr/_design/mine', { views: {} })).status).toBe(403)
    for (const newEdits of [true, false]) {
      const given = newEdits ? doc : { ...doc, ...INVENTED }
      const [row] = await push(as101, [given], newEdits)
      expect(row?.error).toMatch(/forbidden|unauthorized/)
    }
    expect(await couch.database('ehr').get('_design/zzz')).toBeUndefined()
  })

  test('accept a node’s own, with its history, and again', async () => {
    const doc = { ...PATIENT, _rev: '3-cc', _revisions: { start: 3, ids: ['cc', 'bb', 'aa'] } }
    expect(await push(as101, [doc], false)).toEqual([])
    expect(await push(as101, [doc], false)).toEqual([])
    expect(await couch.database('ehr').get(PATIENT._id)).toMatchObject({ _rev: '3-cc', mrn: PATIENT.mrn })
    const tombstone = { _id: PATIENT._id, _deleted: true, _rev: '4-dd', _revisions: { start: 4, ids: ['dd', 'cc'] } }
    expect(await push(as101, [tombstone], false)).toEqual([])
    expect(await couch.database('ehr').get(PATIENT._id)).toBeUndefined()
  })

  test('hold for the administrator where they are about the shape', async () => {
    const [row] = await couch.database('ehr').bulk([{ ...OBSERVATION, mrn: '10100000043' }])
    expect(row).toMatchObject({ id: OBSERVATION._id, error: 'forbidden', reason: expect.stringMatching(/^mrn/) })
  })

  describe('keep the audit append-only for the administrator', () => {
    const entry = { _id: 'node-101:nonce', kind: 'import' }
    let audit: ReturnType<Couch['database']>
    let rev: string
    beforeAll(async () => {
      audit = couch.database('audit')
      const outcome = await audit.put(entry)
      rev = outcome.kind === 'written' ? outcome.rev : ''
    })

    test('the same id again is a conflict, which tells a replay', async () => {
      expect(await audit.put(entry)).toEqual({ kind: 'conflict' })
    })

    test('no update, no deletion', async () => {
      await expect(audit.put({ ...entry, _rev: rev })).rejects.toMatchObject({ status: 403 })
      await expect(audit.remove({ ...entry, _rev: rev })).rejects.toMatchObject({ status: 403 })
      expect(await audit.bulk([{ ...entry, _rev: rev, _deleted: true }])).toMatchObject([{ error: 'forbidden' }])
    })

    test.each([
      ['an invented history', { ...entry, ...INVENTED }],
      ['a second first revision', { ...entry, _rev: '1-zz' }],
      ['a tombstone', { _id: entry._id, _deleted: true, ...INVENTED }],
      ['a tombstone that follows the entry', { _id: entry._id, _deleted: true, _rev: '2-ff' }],
    ])('nothing by new_edits:false: %s', async (_what, doc) => {
      const follows = doc._rev === '2-ff' ? { _revisions: { start: 2, ids: ['ff', rev.slice(2)] } } : {}
      expect(await audit.bulk([{ ...doc, ...follows }], { newEdits: false })).toMatchObject([{ error: 'forbidden' }])
      expect(await audit.get(entry._id, { conflicts: true })).toEqual({ ...entry, _rev: rev })
    })
  })

  test('the index of links leads from the first MRN to the visitor’s', async () => {
    const visitor = {
      ...PATIENT,
      _id: '10100000059:Patient',
      mrn: '10100000059',
      resource: {
        resourceType: 'Patient',
        id: '10100000059',
        link: [{ type: 'seealso', other: { reference: 'Patient/10200000017' } }],
      },
    }
    await push(as101, [visitor], true)
    const ehr = couch.database('ehr')
    const rows = await ehr.view<string>('links', 'by-target', { key: '10200000017' })
    expect(rows.map(({ id, value }) => ({ id, value }))).toEqual([{ id: visitor._id, value: visitor.mrn }])
    expect(await ehr.view('links', 'by-target', { keys: ['10200000017', 'x'] })).toHaveLength(1)
    expect(await ehr.view('links', 'by-target', { key: 'x' })).toEqual([])
  })

  test('the filter own/own leaves the design documents and others out', async () => {
    const answer = await as101('GET', '/ehr/_changes?filter=own/own&externalId=101')
    const ids = (answer.body as { results: { id: string }[] }).results.map(({ id }) => id)
    expect(ids.length).toBeGreaterThan(0)
    expect(ids.every((id) => id.startsWith('101'))).toBe(true)
    const other = await as101('GET', '/ehr/_changes?filter=own/own&externalId=102')
    expect(other.body).toMatchObject({ results: [] })
  })
})
