import { mrnOf } from '../../../protocol/mrn'
import { askJson, basic } from '../../support/ask'
import { type RunningHub, startHub } from '../../support/hub'
import { type NodeAccount, registerNode } from '../../support/node'
import { location } from '../../support/records'

let hub: RunningHub
let node: NodeAccount
let counter = 0

beforeAll(async () => {
  hub = await startHub()
  node = await registerNode(hub, '101')
}, 60_000)
afterAll(() => hub?.remove())

const hash = (letter: string) => letter.repeat(32)

/** A record of a patient with a history: the newest revision first, one letter each. */
function record(mrn: string, id: string, history: string, more: object = {}) {
  const [, type = '', local] = id.split(':')
  const ids = [...history].map(hash)
  const resource = { resourceType: type, id: local === undefined ? mrn : `${mrn}.${local}` }
  return {
    ...location('101', 'x'),
    _id: id,
    type,
    mrn,
    resource,
    _rev: `${ids.length}-${ids[0]}`,
    _revisions: { start: ids.length, ids },
    ...more,
  }
}
const patient = (mrn: string, history: string, more?: object) => record(mrn, `${mrn}:Patient`, history, more)
const tombstone = (mrn: string, history: string) => {
  const { _id, _rev, _revisions } = patient(mrn, history)
  return { _id, _rev, _revisions, _deleted: true }
}
const newMrn = () => mrnOf('101', ++counter)

async function push(...docs: object[]): Promise<string[]> {
  const { status, body } = await askJson(`${hub.url}/sync/ehr/_bulk_docs`, basic(node.nodeName, node.syncPassword), {
    method: 'POST',
    body: { new_edits: false, docs },
  })
  expect(status).toBe(201)
  for (const row of body as object[]) {
    expect(row).toMatchObject({ error: 'forbidden', code: 'MRN_TAKEN', reason: expect.any(String) })
  }
  return (body as { id: string }[]).map(({ id }) => id)
}

/** Every revision that ends a branch of a patient's history at the hub. */
async function leavesOf(mrn: string): Promise<string[]> {
  const { body } = await hub.couch(`/ehr/${mrn}%3APatient?open_revs=all`, { headers: { accept: 'application/json' } })
  return (body as { ok: { _rev: string } }[]).map(({ ok }) => ok._rev).sort()
}

describe('a second patient of one MRN', () => {
  test.each([
    ['is refused', (mrn: string) => patient(mrn, 'b')],
    ['is refused after it was edited', (mrn: string) => patient(mrn, 'cb')],
    ['is refused without its history', (mrn: string) => patient(mrn, 'b', { _revisions: undefined })],
  ])('%s, and the first one stays', async (_what, second) => {
    const mrn = newMrn()
    expect(await push(patient(mrn, 'a'))).toEqual([])
    expect(await push(second(mrn))).toEqual([`${mrn}:Patient`])
    expect(await leavesOf(mrn)).toEqual([`1-${hash('a')}`])
  })

  test('is refused with what comes along with it, and holds up nobody else', async () => {
    const [mrn, other] = [newMrn(), newMrn()]
    await push(patient(mrn, 'a'))
    const observation = record(mrn, `${mrn}:Observation:o1`, 'a')
    const refused = await push(
      observation,
      patient(other, 'a'),
      patient(mrn, 'b'),
      record(other, `${other}:Observation:o1`, 'a'),
    )
    expect(refused.sort()).toEqual([`${mrn}:Observation:o1`, `${mrn}:Patient`])
    expect(await leavesOf(other)).toEqual([`1-${hash('a')}`])
  })

  test('is refused under the MRN of one who was deleted', async () => {
    const mrn = newMrn()
    await push(patient(mrn, 'a'), tombstone(mrn, 'ba'))
    expect(await push(patient(mrn, 'c'))).toEqual([`${mrn}:Patient`])
    expect(await leavesOf(mrn)).toEqual([`2-${hash('b')}`])
  })

  test('and the first in one request are both refused, where the hub knows neither', async () => {
    const mrn = newMrn()
    expect(await push(patient(mrn, 'a'), patient(mrn, 'b'))).toEqual([`${mrn}:Patient`, `${mrn}:Patient`])
  })
})

test('a revision that is none is refused alone, whatever the hub has under the MRN', async () => {
  const mrn = newMrn()
  await push(patient(mrn, 'a'))
  const odd = { ...patient(mrn, 'b'), _rev: '1-a', _revisions: { start: 1, ids: ['../../etc/passwda'] } }
  const other = patient(newMrn(), 'c')
  const answer = await askJson(`${hub.url}/sync/ehr/_bulk_docs`, basic(node.nodeName, node.syncPassword), {
    method: 'POST',
    body: { new_edits: false, docs: [odd, other] },
  })
  expect(answer).toMatchObject({ status: 201, body: [{ id: odd._id, error: 'forbidden', reason: expect.any(String) }] })
  expect(await leavesOf(mrn)).toEqual([`1-${hash('a')}`])
  expect(await leavesOf(other.mrn)).toEqual([`1-${hash('c')}`])
})

describe('the same patient', () => {
  test('is taken again, edited, and deleted', async () => {
    const mrn = newMrn()
    expect(await push(patient(mrn, 'a'))).toEqual([])
    expect(await push(patient(mrn, 'a'))).toEqual([])
    expect(await push(patient(mrn, 'cba'))).toEqual([])
    // An older revision that comes late.
    expect(await push(patient(mrn, 'ba'), patient(mrn, 'a'))).toEqual([])
    expect(await push(tombstone(mrn, 'dcba'))).toEqual([])
    expect(await push(patient(mrn, 'edcba'))).toEqual([])
    expect(await leavesOf(mrn)).toEqual([`5-${hash('e')}`])
  })

  test('is taken again and edited, where the hub never had the first revision by itself', async () => {
    const mrn = newMrn()
    // Registered and corrected before the link was there.
    expect(await push(patient(mrn, 'ba'))).toEqual([])
    expect(await push(patient(mrn, 'ba'))).toEqual([])
    expect(await push(patient(mrn, 'cba'), patient(mrn, 'dba'))).toEqual([])
    expect(await push(patient(mrn, 'f'))).toEqual([`${mrn}:Patient`])
    expect(await leavesOf(mrn)).toEqual([`3-${hash('c')}`, `3-${hash('d')}`])
  })

  test('is taken with a history that does not reach back to its first revision', async () => {
    const mrn = newMrn()
    await push(patient(mrn, 'cba'))
    const { _revisions, ...edited } = patient(mrn, 'dcba')
    expect(await push({ ...edited, _revisions: { start: 4, ids: [hash('d'), hash('c')] } })).toEqual([])
    expect(await leavesOf(mrn)).toEqual([`4-${hash('d')}`])
  })

  test('a deletion of a second patient is taken: it makes none', async () => {
    const mrn = newMrn()
    await push(patient(mrn, 'a'))
    expect(await push(tombstone(mrn, 'cb'))).toEqual([])
    const { body } = await hub.couch(`/ehr/${mrn}%3APatient`)
    expect(body).toMatchObject({ _rev: `1-${hash('a')}` })
  })
})
