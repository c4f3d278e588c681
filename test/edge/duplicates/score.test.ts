import fc from 'fast-check'
import { LIKELY, nameShare, POSSIBLE, scoreOf } from '../../../edge/duplicates/score'
import type { DuplicateRequest, PatientSummary } from '../../../schemas/generated/types'

const SRI: PatientSummary = {
  mrn: '10100000018',
  name: 'Sri Lestari',
  birthDate: '1980-05-12',
  sex: 'female',
  phone: '+62 812 3456 789',
  identifier: '3201010101010002',
  changedAt: '2026-01-01T00:00:00.000Z',
}
const same: DuplicateRequest = { name: 'Sri Lestari', birthDate: '1980-05-12', sex: 'female', phone: '0812-3456-789' }

const verdictOf = (score: number) => (score >= LIKELY ? 'likely' : score >= POSSIBLE ? 'possible' : 'no')

test.each<[string, DuplicateRequest, string, string[]]>([
  ['everything the same', same, 'likely', ['name', 'birthDate', 'sex', 'phone']],
  [
    'without a phone',
    { name: 'Sri Lestari', birthDate: '1980-05-12', sex: 'female' },
    'likely',
    ['name', 'birthDate', 'sex'],
  ],
  ['words the other way round', { ...same, name: 'Lestari, Sri' }, 'likely', ['name', 'birthDate', 'sex', 'phone']],
  ['another spelling', { ...same, name: 'Srie Lestarie' }, 'likely', ['nameAlike', 'birthDate', 'sex', 'phone']],
  [
    'a slip in the name',
    { name: 'Sri Lestrai', birthDate: '1980-05-12', sex: 'female' },
    'likely',
    ['nameAlike', 'birthDate', 'sex'],
  ],
  ['day and month swapped', { ...same, birthDate: '1980-12-05' }, 'likely', ['name', 'birthDateAlike', 'sex', 'phone']],
  [
    'one digit of the birth date',
    { name: 'Sri Lestari', birthDate: '1980-05-13', sex: 'female' },
    'possible',
    ['name', 'birthDateAlike', 'sex'],
  ],
  [
    'the year alone',
    { name: 'Sri Lestari', birthDate: '1980', sex: 'female' },
    'possible',
    ['name', 'birthDateAlike', 'sex'],
  ],
  ['a name and a sex', { name: 'Sri Lestari', sex: 'female' }, 'possible', ['name', 'sex']],
  ['the name of somebody else', { name: 'Sri Lestari', birthDate: '1995-11-30', sex: 'female' }, 'no', ['name', 'sex']],
  [
    'the other sex',
    { name: 'Sri Lestari', birthDate: '1980-05-13', sex: 'male' },
    'possible',
    ['name', 'birthDateAlike'],
  ],
  ['a twin', { ...same, name: 'Wahyu Hidayat' }, 'no', ['birthDate', 'sex', 'phone']],
  [
    'a child with the mother’s phone',
    { name: 'Budi Santoso', birthDate: '2020-01-02', sex: 'male', phone: same.phone ?? '' },
    'no',
    ['phone'],
  ],
  ['the NIK under another name', { name: 'Bu Darmi', identifier: '3201010101010002' }, 'likely', ['identifier']],
  ['another NIK', { ...same, phone: '', identifier: '3299999999999999' }, 'possible', ['name', 'birthDate', 'sex']],
  ['nothing in common', { name: 'Yohanes Darut', birthDate: '1950-01-01', sex: 'male' }, 'no', []],
])('%s', (_what, entered, verdict, matched) => {
  const scored = scoreOf(entered, SRI)
  expect([verdictOf(scored.score), scored.matched]).toEqual([verdict, matched])
})

const word = fc.constantFrom(
  'sri',
  'lestari',
  'budi',
  'soekarno',
  'sukarno',
  'wayan',
  'moh',
  'muhammad',
  'made',
  'dewi',
)
const name = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '))
const birthDate = fc.option(fc.constantFrom('1980-05-12', '1980-12-05', '1980', '1999-01-01', '1980-05'), {
  nil: undefined,
})
const sex = fc.option(fc.constantFrom('male' as const, 'female' as const, 'unknown' as const), { nil: undefined })
const phone = fc.option(fc.constantFrom('0812 3456', '+62 812 3456', '0899 1111'), { nil: undefined })
const person = fc
  .record({ name, birthDate, sex, phone })
  .map(
    (one) =>
      Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)) as unknown as DuplicateRequest,
  )
const patientOf = (one: DuplicateRequest): PatientSummary => ({ ...one, mrn: SRI.mrn, changedAt: SRI.changedAt })

test('a score is a whole number from 0 to 100, and the same whoever is compared with whom', () => {
  fc.assert(
    fc.property(person, person, (a, b) => {
      const { score } = scoreOf(a, patientOf(b))
      expect(Number.isInteger(score) && score >= 0 && score <= 100).toBe(true)
      expect(scoreOf(b, patientOf(a)).score).toBe(score)
    }),
  )
})

test('who is compared with himself is likely the same, where a birth date is known', () => {
  fc.assert(
    fc.property(person, (one) => {
      if (one.birthDate?.length === 10) expect(scoreOf(one, patientOf(one)).score).toBeGreaterThanOrEqual(LIKELY)
    }),
  )
})

test('the order of the words of a name tells nothing', () => {
  fc.assert(
    fc.property(name, name, (a, b) => {
      const turned = a.split(' ').reverse().join(' ')
      expect(nameShare(turned, b)).toBeCloseTo(nameShare(a, b))
    }),
  )
})

test('a phone that agrees takes nothing away', () => {
  fc.assert(
    fc.property(person, person, (a, b) => {
      const { phone: _, ...without } = a
      const number = '0812 9999 000'
      const { score } = scoreOf({ ...a, phone: number }, patientOf({ ...b, phone: number }))
      expect(score).toBeGreaterThanOrEqual(scoreOf(without, patientOf(b)).score)
    }),
  )
})
