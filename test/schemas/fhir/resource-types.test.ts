import {
  FACILITY_TYPES,
  isAcceptedType,
  isFacilityType,
  PATIENT_BOUND_TYPES,
  searchElementsOf,
} from '../../../schemas/fhir/resource-types'

describe('the resource types', () => {
  test('are those of the patient compartment and the facility, each once', () => {
    expect(PATIENT_BOUND_TYPES).toHaveLength(67)
    expect(new Set([...PATIENT_BOUND_TYPES, ...FACILITY_TYPES]).size).toBe(67 + 6)
  })

  test.each(['Bundle', 'Binary', 'Subscription', 'Slot', 'patient', '', 'constructor', '__proto__'])(
    'are not %j',
    (type) => {
      expect(isAcceptedType(type)).toBe(false)
    },
  )

  test('all but Patient name the element of their patient', () => {
    const without = PATIENT_BOUND_TYPES.filter((type) => searchElementsOf(type).patient.length === 0)
    expect(without).toEqual(['Patient'])
    expect(FACILITY_TYPES.filter((type) => searchElementsOf(type).patient.length > 0)).toEqual([])
    expect(FACILITY_TYPES.every(isFacilityType)).toBe(true)
  })
})

describe('the elements of search parameters', () => {
  test.each([
    ['Observation', 'patient', ['subject']],
    ['Immunization', 'patient', ['patient']],
    ['Appointment', 'patient', ['participant.actor']],
    ['Coverage', 'patient', ['beneficiary']],
    ['Observation', 'compartment', ['subject', 'performer']],
    ['Observation', 'date', ['effectiveDateTime', 'effectivePeriod', 'effectiveTiming', 'effectiveInstant']],
    ['Encounter', 'date', ['period']],
    ['Immunization', 'date', ['occurrenceDateTime']],
    ['Procedure', 'date', ['performedDateTime', 'performedPeriod']],
    ['RiskAssessment', 'date', ['occurrenceDateTime']],
    ['Condition', 'date', []],
    ['Condition', 'code', ['code']],
    ['Observation', 'code', ['code']],
    ['MedicationRequest', 'code', ['medicationCodeableConcept']],
    ['AllergyIntolerance', 'code', ['code', 'reaction.substance']],
    ['Encounter', 'code', []],
  ] as const)('of %s by %s', (type, parameter, paths) => {
    expect(searchElementsOf(type)[parameter].map(({ path }) => path)).toEqual(paths)
  })

  test('say the type that is found there', () => {
    expect(searchElementsOf('DiagnosticReport').date).toEqual([
      { path: 'effectiveDateTime', type: 'dateTime' },
      { path: 'effectivePeriod', type: 'Period' },
    ])
  })
})
