import { findDuplicates } from '../../../edge/duplicates/find-duplicates'
import { mrnOf } from '../../../protocol/mrn'
import { type Finding, finding } from '../patients/found'

let edge: Finding
beforeEach(async () => {
  edge = await finding()
  await edge.register(
    { name: 'Sri Lestari', born: '1980-05-12', phone: '0812 3456 789', sex: 'female' },
    { name: 'Soekarno', born: '1975-03-01', sex: 'male' },
    { name: 'Budi Santoso', born: '2001-02-03', nik: '3201010101010002', sex: 'male' },
    ...Array.from({ length: 30 }, (_, index) => ({ name: 'Wayan Astawa', born: `19${50 + index}-01-01` })),
  )
})
afterEach(() => edge.close())

const mrnsOf = async (...args: Parameters<typeof findDuplicates> extends [infer E, unknown] ? [E] : never) =>
  (await findDuplicates(args[0], edge.finder)).candidates.map(({ patient }) => patient.mrn)

test('nobody is a candidate who only shares a name of many, or nothing', async () => {
  expect(await mrnsOf({ name: 'Wayan Astawa', birthDate: '2020-07-07', sex: 'male' })).toEqual([])
  expect(await mrnsOf({ name: 'Yohanes Darut', birthDate: '1999-09-09' })).toEqual([])
})

test('finds by name and birth date, another spelling, swapped day and month, and the NIK alone', async () => {
  expect(await mrnsOf({ name: 'Lestari Sri', birthDate: '1980-12-05', sex: 'female' })).toEqual([mrnOf('101', 1)])
  expect(await mrnsOf({ name: 'Sukarno', birthDate: '1975-03-01', sex: 'male' })).toEqual([mrnOf('101', 2)])
  expect(await mrnsOf({ name: 'Pak Tono', identifier: '3201010101010002' })).toEqual([mrnOf('101', 3)])
})

test('finds the one of many of the same name by the year of birth', async () => {
  expect((await mrnsOf({ name: 'Wayan Astawa', birthDate: '1961-01-01' }))[0]).toBe(mrnOf('101', 15))
})

test('leaves out the one who is being changed', async () => {
  const entered = { name: 'Sri Lestari', birthDate: '1980-05-12' }
  expect(await mrnsOf(entered)).toEqual([mrnOf('101', 1)])
  expect(await mrnsOf({ ...entered, except: mrnOf('101', 1) })).toEqual([])
})
