import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { birthDateCriterion, tokenCriterion, wordsCriterion } from '../../../edge/store/patient-criteria'
import { PatientIndex } from '../../../edge/store/patient-index'
import { termsOf } from '../../../edge/store/patient-terms'
import { mrnOf } from '../../../protocol/mrn'
import type { RecordDocument } from '../../../schemas/generated/types'
import { newFolder, type Opened, opened, put, record, remove } from './opened'

let edge: Opened
beforeEach(async () => {
  edge = await opened(newFolder())
})
afterEach(async () => {
  await edge.close()
  remove(edge.folder)
})

const mrn = (counter: number) => mrnOf('101', counter)
const patient = (counter: number, family: string, more: object = {}, envelope: Partial<RecordDocument> = {}) =>
  record({ partition: mrn(counter), type: 'Patient' }, { name: [{ family }], ...more }, envelope)
const named = async (name: string, limit = 50) =>
  (await edge.index.search([wordsCriterion('name', [name])], { limit })).mrns

async function reopen(): Promise<void> {
  await edge.close()
  edge = await opened(edge.folder)
}

test('a position that no search gave is refused', async () => {
  await expect(edge.index.search([], { after: 'x', limit: 1 })).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
})

test('what was written before the process was killed is found after it, and nothing is indexed twice', async () => {
  await put(edge.store, patient(1, 'Before'))
  await reopen()
  await put(edge.store, patient(2, 'Before'))
  expect(await named('before')).toEqual([mrn(1), mrn(2)])
  await reopen()
  expect(await named('before')).toEqual([mrn(1), mrn(2)])
})

test('is made anew when it was lost, and when the store was put back to an earlier state', async () => {
  await put(edge.store, patient(1, 'First'))
  await named('x')
  await edge.close()
  const backup = newFolder()
  cpSync(join(edge.folder, 'ehr'), join(backup, 'ehr'), { recursive: true })
  edge = await opened(edge.folder)
  await put(edge.store, patient(2, 'Second'))
  expect(await named('second')).toEqual([mrn(2)])
  await edge.close()
  rmSync(join(edge.folder, 'ehr'), { recursive: true })
  cpSync(join(backup, 'ehr'), join(edge.folder, 'ehr'), { recursive: true })
  edge = await opened(edge.folder)
  expect([await named('first'), await named('second')]).toEqual([[mrn(1)], []])
  await edge.close()
  rmSync(join(edge.folder, 'state'), { recursive: true })
  edge = await opened(edge.folder)
  expect(await named('first')).toEqual([mrn(1)])
  remove(backup)
})

test('two that follow the same feed agree', async () => {
  await put(edge.store, ...Array.from({ length: 50 }, (_, index) => patient(index + 1, 'Many')))
  const other = new PatientIndex(edge.store, edge.state)
  const both = await Promise.all([named('many', 100), other.search([wordsCriterion('name', ['many'])], { limit: 100 })])
  expect(both[0]).toEqual(both[1].mrns)
})

test('the source of a living, own patient is known, of a deleted or imported one not', async () => {
  const imported = { hubId: 'hub', importedAt: '2026-01-01T00:00:00.000Z', facility: '102' }
  await put(
    edge.store,
    patient(1, 'A', {}, { sourceId: 'Patient/a' }),
    patient(2, 'B', {}, { sourceId: 'Patient/b' }),
    record({ partition: '10200000018', type: 'Patient' }, {}, { sourceId: 'Patient/c', facility: '102', imported }),
  )
  const found = await edge.store.get(`${mrn(2)}:Patient`)
  if (found.kind !== 'present') throw new Error('not there')
  expect(await edge.index.mrnOfSource('Patient/b')).toBe(mrn(2))
  await edge.store.write(async () => [{ id: found.document._id, document: undefined, expectedRev: found.rev }])
  const sources = ['a', 'b', 'c'].map((id) => edge.index.mrnOfSource(`Patient/${id}`))
  expect(await Promise.all(sources)).toEqual([mrn(1), undefined, undefined])
})

test('strange names and values go in and are found', async () => {
  const names = ['\u0000\u0001', '🙂🙂', '\ud800', 'x'.repeat(5_000), 'ꦲꦤꦏ', '王', 'İstanbul', '𑻠𑻡']
  await put(
    edge.store,
    ...names.map((name, index) => patient(index + 1, name, { identifier: [{ system: name, value: name }] })),
  )
  for (const [index, name] of names.entries()) {
    const { mrns } = await edge.index.search([tokenCriterion('identifier', [{ system: name, value: name }])], {
      limit: 50,
    })
    expect(mrns).toContain(mrn(index + 1))
  }
  expect(await named('istan')).toEqual([mrn(7)])
  expect(await named('王')).toEqual([mrn(6)])
})

test('terms: every word, without case and accents', () => {
  const terms = termsOf({
    resourceType: 'Patient',
    name: [{ family: 'Ståhl-Łuk', given: ['Ana'], prefix: ['dr.'] }],
    birthDate: '1980-05',
  })
  const kinds = ['name=stahl', 'name=luk', 'name=ana', 'name=dr', 'family=stahl', 'family=luk', 'given=ana']
  expect(terms.sort()).toEqual([...kinds, 'birthdate=1980-05'].sort())
})

test('stays fast with 20,000 patients', async () => {
  const families = ['Wijaya', 'Santoso', 'Dewi', 'Pratama', 'Siregar', 'Tanjung', 'Lumban', 'Hutapea']
  for (let from = 1; from <= 20_000; from += 1_000) {
    const patients = Array.from({ length: 1_000 }, (_, index) => {
      const n = from + index
      const year = 1930 + (n % 90)
      return patient(n, families[n % 8] ?? '', {
        gender: n % 2 ? 'male' : 'female',
        birthDate: `${year}-0${1 + (n % 9)}-11`,
      })
    })
    await put(edge.store, ...patients)
  }
  await edge.index.catchUp()
  const searches = [
    [wordsCriterion('name', ['wij'])],
    [wordsCriterion('name', ['wij']), birthDateCriterion('1950', '1950', (date) => date.startsWith('1950'))],
    [tokenCriterion('gender', [{ value: 'male', system: undefined }]), wordsCriterion('family', ['zz'])],
    [],
  ]
  // The best of three rounds: others use the machine too.
  const rounds: number[] = []
  for (let round = 0; round < 3; round++) {
    const times: number[] = []
    for (let turn = 0; turn < 80; turn++) {
      const startedAt = performance.now()
      await edge.index.search(searches[turn % 4] ?? [], { limit: 50 })
      times.push(performance.now() - startedAt)
    }
    rounds.push(times.sort((a, b) => a - b)[75] ?? 0)
  }
  expect(Math.min(...rounds)).toBeLessThan(50)
}, 120_000)
