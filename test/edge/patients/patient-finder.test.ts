import { mrnOf } from '../../../protocol/mrn'
import { put } from '../store/opened'
import { documentOf, type Finding, finding } from './found'

let edge: Finding
beforeEach(async () => {
  edge = await finding()
})
afterEach(() => edge.close())

test('a position that no answer gave is refused', async () => {
  for (const after of ['x', '', Buffer.from('7.x').toString('base64url')])
    await expect(edge.finder.find('sri', { after, limit: 1 })).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
})

test('without a text the patients stand in the order of their changes, and page by page all of them', async () => {
  await edge.register(...['A', 'B', 'C', 'D', 'E'].map((name) => ({ name })))
  const first = await edge.finder.find('', { limit: 2 })
  const second = await edge.finder.find('', { limit: 2, after: first.next ?? '' })
  const third = await edge.finder.find('', { limit: 2, after: second.next ?? '' })
  expect([first, second, third].map(({ patients }) => patients.map(({ name }) => name))).toEqual([
    ['E', 'D'],
    ['C', 'B'],
    ['A'],
  ])
  expect(third.next).toBeUndefined()
})

test('a name as it is written stands before its beginning, other spellings, and a slip', async () => {
  await edge.register(
    { name: 'Sutrisno Aji' },
    { name: 'Sutrisnowati' },
    { name: 'Soetrisno' },
    { name: 'Sutrisna' },
    { name: 'Bambang Sutrisno' },
    { name: 'Sri Lestari' },
  )
  expect(await edge.names('sutrisno')).toEqual([
    'Bambang Sutrisno',
    'Sutrisno Aji',
    'Sutrisnowati',
    'Soetrisno',
    'Sutrisna',
  ])
  expect(await edge.names('SUTRISNO bam')).toEqual(['Bambang Sutrisno'])
})

test.each([
  ['lest', 'Sri Lestari'],
  ['soelastri', 'Sulastri'],
  ['yusup', 'Joesoef Kalla'],
  ['muhammad il', 'Moh. Ilyas'],
  ['nuraini', "Nur'aini"],
  ['nur aini', "Nur'aini"],
  ['sulstri', 'Sulastri'],
  ['uslastri', 'Sulastri'],
  ['t', 'Tjokro'],
  ['cokro', 'Tjokro'],
])('%s finds %s', async (typed, name) => {
  await edge.register(
    ...['Sri Lestari', 'Sulastri', 'Joesoef Kalla', 'Moh. Ilyas', "Nur'aini", 'Tjokro', 'Wayan'].map((one) => ({
      name: one,
    })),
  )
  expect(await edge.names(typed)).toEqual([name])
})

test.each([
  ['10100000026'],
  ['26'],
  ['0812-3456-78'],
  ['+62 812 3456 78'],
  ['0812345'],
  ['3201010101010002'],
  ['32010101'],
  ['12-5-1980'],
  ['1980-05-12'],
  ['12 mei 1980'],
  ['12 May 80'],
  ['12051980'],
  ['mei 1980'],
  ['budi 1980'],
  ['budi 12/5/80'],
])('%s finds who has it', async (typed) => {
  await edge.register(
    { name: 'Ana', born: '1979-05-12', phone: '+62 811 1', nik: '3202' },
    { name: 'Budi', born: '1980-05-12', phone: '+62 812 345 678', nik: '3201010101010002' },
    { name: 'Budi', born: '1990-05-13', phone: '0813 1', nik: '3203' },
  )
  const { patients } = await edge.finder.find(typed, { limit: 10 })
  expect(patients.map(({ mrn }) => mrn)).toEqual([mrnOf('101', 2)])
})

test('whoever a number is that could be a date as well is found by both', async () => {
  await edge.register({ name: 'Born then', born: '1980-05-12' }, { name: 'Has it', nik: '12051980' })
  expect(await edge.names('12051980')).toEqual(['Has it', 'Born then'])
  const { next = '' } = await edge.finder.find('12051980', { limit: 1 })
  expect((await edge.finder.find('12051980', { limit: 1, after: next })).patients).toMatchObject([
    { name: 'Born then' },
  ])
})

test('pages of a search hold each patient once, in the same order as one large page', async () => {
  await edge.register(
    ...Array.from({ length: 60 }, (_, index) => ({
      name: ['Sutrisno', 'Soetrisno', 'Sutrisna', 'Sutrisnowati'][index % 4] ?? '',
    })),
  )
  const whole = (await edge.finder.find('sutrisno', { limit: 100 })).patients.map(({ mrn }) => mrn)
  const paged: string[] = []
  for (let after: string | undefined = undefined as string | undefined, more = true; more; more = after !== undefined) {
    const page = await edge.finder.find('sutrisno', { limit: 7, ...(after === undefined ? {} : { after }) })
    paged.push(...page.patients.map(({ mrn }) => mrn))
    after = page.next
  }
  expect(whole).toHaveLength(60)
  expect(paged).toEqual(whole)
})

test('a changed patient is found by the new name alone, and stands first; a deleted one is gone', async () => {
  await edge.register({ name: 'Old Name' }, { name: 'Other' })
  expect(await edge.names('old')).toEqual(['Old Name'])
  const found = await edge.store.get(`${mrnOf('101', 1)}:Patient`)
  if (found.kind !== 'present') throw new Error('not there')
  const document = documentOf(9, { name: 'Fresh' })
  const changed = { ...found.document, resource: { ...found.document.resource, name: [{ text: 'Fresh' }] } }
  await edge.store.write(async () => [
    { id: changed._id, document: { ...changed, recordedAt: document.recordedAt }, expectedRev: found.rev },
  ])
  expect([await edge.names('old'), await edge.names('fresh'), await edge.names('')]).toEqual([
    [],
    ['Fresh'],
    ['Fresh', 'Other'],
  ])
  const now = await edge.store.get(changed._id)
  if (now.kind !== 'present') throw new Error('not there')
  await edge.store.write(async () => [{ id: changed._id, document: undefined, expectedRev: now.rev }])
  expect(await edge.names('')).toEqual(['Other'])
  await put(edge.store, documentOf(3, { name: 'Third' }))
  expect(await edge.names('')).toEqual(['Third', 'Other'])
})
