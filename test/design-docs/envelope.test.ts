import { built, callable, refusal } from './built'
import { OBSERVATION, ORGANIZATION, PATIENT } from './records'

const ADMIN = { name: 'admin', roles: ['_admin'] }
const NODE_101 = { name: 'node-101', roles: ['node', 'facility:101'] }
const without = (doc: object, field: string) =>
  Object.fromEntries(Object.entries(doc).filter(([name]) => name !== field))

describe('_design/envelope in a bare context', () => {
  let validate: (...args: unknown[]) => unknown
  beforeAll(async () => {
    const [doc] = await built('ehr/envelope')
    validate = callable(doc?.validate_doc_update)
  })
  const verdict = (doc: object, user = ADMIN) => refusal(validate, doc, null, user, {})

  const refused: [string, object, RegExp][] = [
    ['a document without a prefix', { ...PATIENT, _id: 'Patient' }, /^_id/],
    ['a Patient with a local id', { ...PATIENT, _id: `${PATIENT._id}:x` }, /^_id/],
    ['an Observation without a local id', { ...OBSERVATION, _id: '10100000042:Observation' }, /^_id/],
    ['a fourth part in _id', { ...OBSERVATION, _id: `${OBSERVATION._id}:x` }, /^_id/],
    ['a local id that FHIR does not allow', { ...OBSERVATION, _id: '10100000042:Observation:a b' }, /^_id/],
    ['a type that _id does not have', { ...OBSERVATION, type: 'Condition' }, /^type/],
    ['no type', without(OBSERVATION, 'type'), /^type/],
    ['another MRN than that of _id', { ...OBSERVATION, mrn: '10100000043' }, /^mrn/],
    ['no MRN in what belongs to a patient', without(PATIENT, 'mrn'), /^mrn/],
    ['an MRN in what belongs to the facility', { ...ORGANIZATION, mrn: '101' }, /^mrn/],
    ['an MRN that is null', { ...ORGANIZATION, mrn: null }, /^mrn/],
    ['another facility than that of _id', { ...OBSERVATION, facility: '102' }, /^facility/],
    ['a facility that is only the beginning', { ...OBSERVATION, facility: '10' }, /^facility/],
    ['no facility', without(OBSERVATION, 'facility'), /^facility/],
    ['no moment', without(OBSERVATION, 'recordedAt'), /^recordedAt/],
    ['a day for a moment', { ...OBSERVATION, recordedAt: '2026-11-22' }, /^recordedAt/],
    ['no resource', without(OBSERVATION, 'resource'), /^resource/],
    ['a resource that is a list', { ...OBSERVATION, resource: [] }, /^resource/],
    [
      'a resource of another type',
      { ...OBSERVATION, resource: { ...OBSERVATION.resource, resourceType: 'Condition' } },
      /^resource.resourceType/,
    ],
    ['a resource of another id', { ...PATIENT, resource: { ...PATIENT.resource, id: 'x' } }, /^resource.id/],
    ['localOnly', { ...OBSERVATION, localOnly: true }, /localOnly/],
    ['localOnly in any other word', { ...OBSERVATION, localOnly: 'yes' }, /localOnly/],
    ['an imported copy', { ...OBSERVATION, imported: { hubId: 'h' } }, /imported/],
  ]
  test.each(refused)('refuses %s, of a server admin too', (_what, doc, reason) => {
    expect(verdict(doc)).toMatch(reason)
    expect(verdict(doc, NODE_101)).toMatch(reason)
  })

  test('refuses an MRN that passes for a facility', () => {
    expect(verdict(without({ ...PATIENT, facility: PATIENT.mrn }, 'mrn'), NODE_101)).toMatch(/^facility/)
  })

  const accepted: [string, object][] = [
    ['a Patient', PATIENT],
    ['what belongs to a patient', OBSERVATION],
    ['what belongs to the facility', ORGANIZATION],
    ['localOnly that is false', { ...OBSERVATION, localOnly: false }],
    ['a tombstone', { _id: OBSERVATION._id, _deleted: true }],
    ['a design document', { _id: '_design/links', views: {} }],
  ]
  test.each(accepted)('accepts %s', (_what, doc) => {
    expect(verdict(doc)).toBeUndefined()
    expect(verdict(doc, NODE_101)).toBeUndefined()
  })

  test('names no value of the document in any refusal', () => {
    for (const [, doc] of refused) expect(verdict(doc)).not.toMatch(/[0-9]{3}/)
  })
})
