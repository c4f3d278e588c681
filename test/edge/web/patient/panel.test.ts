import type { DiagnosticReport, Observation, Patient } from 'fhir/r4'
import { type Correction, correctable, corrected, isPlausible } from '../../../../edge/web/patient/amend'
import { readingOf, recordOf } from '../../../../edge/web/patient/record'
import { localNumber } from '../../../../web-kit/local-form'

const PATIENT: Patient = { resourceType: 'Patient', id: '10100000018' }
const part = (code: string, text: string, value: number) => ({
  code: { coding: [{ system: 'http://loinc.org', code }], text },
  valueQuantity: { value, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
})
const PRESSURE: Observation = {
  resourceType: 'Observation',
  id: '10100000018.a',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '85354-9' }] },
  component: [
    { code: { text: 'Position' }, valueString: 'sitting' },
    part('8480-6', 'Systolic', 210),
    part('8462-4', 'Diastolic', 80),
  ],
}

test('a blood pressure is put right as a whole, and what is no number stays', () => {
  const { parts } = correctable(PRESSURE)
  expect(parts).toEqual([
    { title: 'Systolic', value: '210', vital: 'systolic' },
    { title: 'Diastolic', value: '80', vital: 'diastolic' },
  ])
  const to = { parts: [{ title: 'Systolic', value: '120' }, ...(parts ?? []).slice(1)] }
  expect(corrected(PRESSURE, to, 'typing error')).toMatchObject({
    status: 'corrected',
    component: [PRESSURE.component?.[0], part('8480-6', 'Systolic', 120), part('8462-4', 'Diastolic', 80)],
  })
})

test.each<[string, Correction, boolean]>([
  ['what can be', { value: '60.2', vital: 'weight' }, true],
  ['a slip of the finger', { value: '602', vital: 'weight' }, false],
  ['an unusual value', { value: '160', vital: 'weight' }, false],
  ['an unusual value that is so', { value: '160', vital: 'weight', sure: ['weight 160'] }, true],
  ['another value than the one that is so', { value: '161', vital: 'weight', sure: ['weight 160'] }, false],
  ['one half of a pressure', { parts: [{ title: '', value: '1200', vital: 'systolic' }] }, false],
  ['what is no vital sign', { value: '602' }, true],
  ['no number', { value: 'x' }, false],
  ['no number at all', { title: 'Batuk' }, true],
])('a value is put right within the limits of a visit: %s', (_what, to, isSo) => {
  expect(isPlausible(to, 40)).toBe(isSo)
})

test('a value in another unit is not held against the limits of ours', () => {
  const fahrenheit: Observation = {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '8310-5' }] },
    valueQuantity: { value: 99.5, code: '[degF]' },
  }
  expect(correctable(fahrenheit)).toEqual({ value: '99.5' })
})

test('a measured value stands in the form of the language', () => {
  const fever = { ...PRESSURE, component: [], valueQuantity: { value: 37.25, code: 'Cel', unit: 'C' } }
  expect(readingOf(fever, (value) => localNumber(value, 'id', 2))).toBe('37,25 °C')
  expect(readingOf(PRESSURE, (value) => localNumber(value, 'id', 2))).toBe('210/80 mmHg')
})

test('reports stand among the documents, and their conclusion can be put right', () => {
  const report: DiagnosticReport = {
    resourceType: 'DiagnosticReport',
    id: '10100000018.b',
    status: 'final',
    code: { text: 'Chest X-ray' },
    conclusion: 'Clear',
  }
  expect(recordOf(PATIENT, [report]).documents).toMatchObject([
    { title: 'Chest X-ray', detail: 'Clear', isActive: true },
  ])
  expect(corrected(report, { detail: 'Shadow' }, 'seen again')).toMatchObject({
    status: 'corrected',
    conclusion: 'Shadow',
  })
})
