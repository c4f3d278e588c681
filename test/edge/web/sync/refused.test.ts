import { kindOf, placeOf } from '../../../../edge/web/sync/refused'

const document = (id: string, code: string, reason = 'r') => ({ id, code, reason, rev: '1-a', at: '', attempts: 1 })

test.each([
  ['10100000042:Patient', 'MRN_TAKEN', 'r', 'twoPatients'],
  ['10100000042:Observation:a', 'MRN_TAKEN', 'r', 'withPatient'],
  ['10100000042:Observation:a', 'BODY_TOO_LARGE', 'r', 'tooLarge'],
  ['10100000042:Observation:a', 'forbidden', 'The document is too large.', 'tooLarge'],
  ['10100000042:Observation:a', 'forbidden', 'r', 'rule'],
])('%s refused with %s (%s) is %s', (id, code, reason, kind) => {
  expect(kindOf(document(id, code, reason))).toBe(kind)
})

test('leads to the patient, where it is one’s', () => {
  expect(placeOf('10100000042:Observation:a')).toEqual({ type: 'Observation', mrn: '10100000042' })
  expect(placeOf('101:Practitioner:a')).toEqual({ type: 'Practitioner', mrn: undefined })
})
