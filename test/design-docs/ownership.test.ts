import { built, callable, refusal } from './built'
import { OBSERVATION, of } from './records'

const NODE_101 = { name: 'node-101', roles: ['node', 'facility:101'] }
const NODE_10 = { name: 'node-10', roles: ['node', 'facility:10'] }
const ADMIN = { name: 'admin', roles: ['_admin'] }

describe('_design/ownership in a bare context (law 1)', () => {
  let validate: (...args: unknown[]) => unknown
  beforeAll(async () => {
    const [doc] = await built('ehr/ownership')
    validate = callable(doc?.validate_doc_update)
  })
  const verdict = (doc: object, user: object) => refusal(validate, doc, null, user, {})

  const refused: [string, object, object][] = [
    ["another facility's document", of('102', OBSERVATION), NODE_101],
    ["a tombstone for another facility's document", { _id: of('102', OBSERVATION)._id, _deleted: true }, NODE_101],
    [
      'an invented history for another facility',
      { ...of('102', OBSERVATION), _rev: '9-a', _revisions: { start: 9, ids: ['a', 'b'] } },
      NODE_101,
    ],
    ['a document of 101, written by 10', OBSERVATION, NODE_10],
    ['a document of 10, written by 101', of('10', OBSERVATION), NODE_101],
    ['a document that says facility 101 and lies in its _id', { ...OBSERVATION, _id: '10200000042:Patient' }, NODE_101],
    ['a design document by a node', { _id: '_design/ownership' }, NODE_101],
    ['a document without a prefix', { _id: 'Patient' }, NODE_101],
    ['an empty _id', { _id: '' }, NODE_101],
    ['an MRN with too few digits', { _id: '101000:Patient' }, NODE_101],
    ['an MRN with too many digits', { _id: '101000000042:Patient' }, NODE_101],
    ['anything by a user without a facility', OBSERVATION, { name: 'someone', roles: ['node'] }],
    ['anything by a user whose facility is empty', OBSERVATION, { name: 'someone', roles: ['facility:'] }],
    ['anything by nobody', OBSERVATION, { name: null, roles: [] }],
  ]
  test.each(refused)('refuses %s', (_what, doc, user) => {
    expect(verdict(doc, user)).toMatch(/external ID/)
  })

  const accepted: [string, object, object][] = [
    ['a document of its own', OBSERVATION, NODE_101],
    ['a tombstone of its own', { _id: OBSERVATION._id, _deleted: true }, NODE_101],
    ["the facility's own partition", { _id: '101:Organization:main' }, NODE_101],
    ['an MRN of 7 digits', { _id: '1010000042:Patient' }, NODE_101],
    [
      'either prefix of a user with two',
      of('202', OBSERVATION),
      { name: 'x', roles: ['facility:101', 'facility:202'] },
    ],
    ['any document by a server admin', of('102', OBSERVATION), ADMIN],
    ['a design document by a server admin', { _id: '_design/x' }, ADMIN],
  ]
  test.each(accepted)('accepts %s', (_what, doc, user) => {
    expect(verdict(doc, user)).toBeUndefined()
  })

  test('names the rule and no value of the document', () => {
    expect(verdict(of('102', OBSERVATION), NODE_101)).not.toMatch(/[0-9]/)
  })
})
