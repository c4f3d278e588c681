import { writeCopies } from '../../../edge/store/write-copies'
import type { RecordDocument } from '../../../schemas/generated/types'
import { newFolder, type Opened, opened, put, record, remove } from './opened'

const MRN = '10200000018'
const imported = { hubId: 'hub-1', importedAt: '2026-02-03T04:05:06.789Z', facility: '102' }

function copy(partition: string, type: string, local?: string, resource: object = {}): RecordDocument {
  const document = record({ partition, type, ...(local ? { local } : {}) }, resource, { facility: '102', imported })
  if (partition !== '102') return document
  const { mrn: _, ...facilitys } = document
  return facilitys
}

let edge: Opened
beforeEach(async () => {
  edge = await opened(newFolder())
})
afterEach(async () => {
  await edge.close()
  remove(edge.folder)
})

test("refuses to write over the facility's own records, and what is not marked as a copy", async () => {
  const own = { ...copy(MRN, 'Patient'), _id: '10100000018:Patient' }
  await expect(writeCopies(edge.store, '101', [own])).rejects.toThrow('not a copy')
  await expect(writeCopies(edge.store, '101', [record({ partition: MRN, type: 'Patient' })])).rejects.toThrow(
    'not a copy',
  )
  expect(await edge.store.readIds({ partition: '10100000018' })).toEqual([])
})

test('a newer import takes the place of an older one, and removes what is no longer there', async () => {
  await put(edge.store, record({ partition: '10100000018', type: 'Patient' }))
  await writeCopies(edge.store, '101', [
    copy(MRN, 'Patient'),
    copy(MRN, 'Observation', 'a'),
    copy('102', 'Organization', 'o'),
  ])
  const newer = [copy(MRN, 'Patient', undefined, { gender: 'male' }), copy(MRN, 'Observation', 'b')]
  expect(await writeCopies(edge.store, '101', newer)).toEqual({ written: 2, removed: 1 })
  expect(await edge.store.readIds({ partition: MRN })).toEqual([`${MRN}:Observation:b`, `${MRN}:Patient`])
  expect(await edge.store.get(`${MRN}:Patient`)).toMatchObject({ document: { imported, resource: { gender: 'male' } } })
  expect(await edge.store.readIds({ partition: '102' })).toEqual(['102:Organization:o'])
  expect(await edge.store.readIds({ partition: '10100000018' })).toEqual(['10100000018:Patient'])
})
