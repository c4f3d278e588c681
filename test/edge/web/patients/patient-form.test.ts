import type { Patient } from 'fhir/r4'
import {
  birthDateOf,
  EMPTY_FORM,
  formOf,
  type PatientForm,
  patientOf,
  problemsOf,
} from '../../../../edge/web/patients/patient-form'
import { validateResource } from '../../../../schemas/fhir/validate-resource'

const TODAY = new Date('2026-06-15T10:00:00')
const SRI: PatientForm = {
  name: ' Sri  Lestari ',
  sex: 'female',
  born: '12-5-1980',
  phone: '0812 3456 789',
  address: 'Jl. Melati 3',
  mother: 'Wagiyem',
  nik: '3201 0101 0101 0002',
}

test.each<[Partial<PatientForm>, object]>([
  [EMPTY_FORM, { name: 'nameMissing', sex: 'sexMissing', born: 'bornMissing' }],
  [{ name: '  .. ' }, { name: 'nameMissing' }],
  [{ born: '31-2-1980' }, { born: 'bornWrong' }],
  [{ born: '16-6-2026' }, { born: 'bornWrong' }],
  [{ born: '200' }, { born: 'bornWrong' }],
  [{ phone: '12' }, { phone: 'phoneWrong' }],
  [{ phone: 'none' }, { phone: 'phoneWrong' }],
  [{ nik: '3201' }, { nik: 'nikWrong' }],
  [{}, {}],
  [{ phone: '', nik: '', mother: '', address: '' }, {}],
])('%j is refused with %j', (change, problems) => {
  expect(problemsOf({ ...SRI, ...change }, TODAY)).toEqual(problems)
})

test.each([
  ['12-5-1980', '1980-05-12'],
  ['12 Mei 1980', '1980-05-12'],
  ['1980', '1980'],
  ['46', '1980'],
  ['46 th', '1980'],
  ['46 tahun', '1980'],
  ['0', '2026'],
  ['8 bulan', '2025-10'],
  ['8 months', '2025-10'],
  ['131', undefined],
  ['8 kambing', undefined],
])('born %s is %s', (typed, date) => {
  expect(birthDateOf(typed, TODAY)).toBe(date)
})

test('a form becomes valid FHIR, and a form again', () => {
  const patient = patientOf(SRI, TODAY)
  expect(validateResource(patient)).toMatchObject({ ok: true })
  expect(patient).toMatchObject({ name: [{ text: 'Sri Lestari' }], gender: 'female', birthDate: '1980-05-12' })
  expect(formOf(patient)).toEqual({ ...SRI, name: 'Sri Lestari', born: '12-05-1980', nik: '3201010101010002' })
  expect(validateResource(patientOf({ ...EMPTY_FORM, name: 'Ana', sex: 'unknown', born: '46' }, TODAY)).ok).toBe(true)
})

const THERE: Patient = {
  resourceType: 'Patient',
  id: '10100000018',
  name: [
    { use: 'nickname', text: 'Tari' },
    { use: 'official', given: ['Sri'], family: 'Lestari', prefix: ['Ibu'] },
  ],
  gender: 'female',
  birthDate: '1980-05-12',
  telecom: [
    { system: 'email', value: 'sri@example.org' },
    { system: 'phone', value: '0812' },
  ],
  address: [{ line: ['Jl. Melati 3'], city: 'Sabang', postalCode: '23511' }],
  identifier: [{ system: 'urn:old', value: '7' }],
  maritalStatus: { text: 'kawin' },
}

test('what the form does not show, and what was not changed, stays as it is', () => {
  expect(patientOf(formOf(THERE), TODAY, THERE)).toEqual(THERE)
  const changed = patientOf({ ...formOf(THERE), phone: '0813', name: 'Sri Lestari Dewi' }, TODAY, THERE)
  expect(changed).toMatchObject({
    name: [
      { use: 'official', text: 'Sri Lestari Dewi' },
      { use: 'nickname', text: 'Tari' },
    ],
    telecom: [
      { system: 'phone', value: '0813' },
      { system: 'email', value: 'sri@example.org' },
    ],
    address: THERE.address,
    identifier: THERE.identifier,
    maritalStatus: { text: 'kawin' },
  })
  expect(validateResource(patientOf({ ...formOf(THERE), phone: '', address: '' }, TODAY, THERE)).ok).toBe(true)
})
