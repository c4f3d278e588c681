import {
  numberIn,
  plausibilityOf,
  VITAL_NAMES,
  VITAL_SIGNS,
  type VitalName,
} from '../../../../edge/web/visit/vital-signs'

test.each<[VitalName, string, number | undefined, string]>([
  ['systolic', '120', 40, 'fits'],
  ['systolic', '1200', 40, 'impossible'],
  ['systolic', '12', 40, 'impossible'],
  ['systolic', '200', 40, 'unusual'],
  ['systolic', '85', 4, 'fits'],
  ['systolic', '85', 40, 'unusual'],
  ['systolic', '85', undefined, 'unusual'],
  ['diastolic', '80', 40, 'fits'],
  ['diastolic', '9', 40, 'impossible'],
  ['pulse', '150', 0, 'fits'],
  ['pulse', '150', 30, 'unusual'],
  ['pulse', '7', 30, 'impossible'],
  ['breathing', '40', 0, 'fits'],
  ['breathing', '40', 30, 'unusual'],
  ['temperature', '36,5', 30, 'fits'],
  ['temperature', '36.5', 30, 'fits'],
  ['temperature', '40.5', 30, 'unusual'],
  ['temperature', '365', 30, 'impossible'],
  ['temperature', '98.6', 30, 'impossible'],
  ['oxygen', '97', 30, 'fits'],
  ['oxygen', '85', 30, 'unusual'],
  ['oxygen', '101', 30, 'impossible'],
  ['weight', '3.2', 0, 'fits'],
  ['weight', '3.2', 30, 'unusual'],
  ['weight', '32', 0, 'unusual'],
  ['height', '165', 30, 'fits'],
  ['height', '1.65', 30, 'impossible'],
  ['height', 'tinggi', 30, 'noNumber'],
  ['height', '-165', 30, 'noNumber'],
  ['height', '1e3', 30, 'noNumber'],
])('%s of %s at %s years: %s', (name, typed, years, kind) => {
  expect(plausibilityOf(name, typed, years).kind).toBe(kind)
})

test.each(VITAL_NAMES)('what is usual for %s can be, at every age', (name) => {
  const { hard, soft } = VITAL_SIGNS[name]
  for (const [, least, most] of soft)
    expect([least >= hard[0], most <= hard[1], least < most]).toEqual([true, true, true])
  expect(soft[0]?.[0]).toBe(0)
})

test('a number is read with a comma or a point', () => {
  expect(['36,5', ' 36.5 ', '', '36,5,1', '12345'].map(numberIn)).toEqual([36.5, 36.5, undefined, undefined, undefined])
})
