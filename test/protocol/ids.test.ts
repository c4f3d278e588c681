import fc from 'fast-check'
import { documentIdOf, type Place, placeOfDocument, placeOfResource, resourceIdOf } from '../../protocol/ids'
import { locals, mrns, resourceTypes } from '../support/arbitraries'

test.each([
  ['no type', '10100000042'],
  ['an empty type', '10100000042:'],
  ['a Patient with a local part', '10100000042:Patient:x'],
  ['another type without one', '10100000042:Observation'],
  ['an empty local part', '10100000042:Observation:'],
  ['a part too many', '10100000042:Observation:x:y'],
  ['a slash', '10100000042:Observation:x/y'],
  ['a type in lower case', '10100000042:observation:x'],
  ['a partition in lower case', '101a:Organization:x'],
  ['no partition', ':Organization:x'],
  ['a design document', '_design/records'],
  ['an id that FHIR would not take', `10100000042:Observation:${'x'.repeat(64)}`],
])('a document id with %s names no place', (_what, id) => {
  expect(placeOfDocument(id)).toBeUndefined()
})

test.each([
  ['a Patient with a dot', 'Patient', '10100000042.x'],
  ['another type without a dot', 'Observation', '10100000042'],
  ['nothing before the dot', 'Observation', '.x'],
  ['nothing behind it', 'Observation', '10100000042.'],
  ['a colon', 'Observation', '10100000042.a:b'],
  ['a type that is a path', '../Patient', '10100000042'],
  ['more than 64 characters', 'Observation', `10100000042.${'x'.repeat(53)}`],
])('a resource id with %s names no place', (_what, type, id) => {
  expect(placeOfResource(type, id)).toBeUndefined()
})

const places: fc.Arbitrary<Place> = fc.oneof(
  mrns.map(({ mrn }) => ({ partition: mrn, type: 'Patient' })),
  fc
    .tuple(mrns, fc.boolean(), resourceTypes, locals)
    .map(([{ mrn, externalId }, own, type, local]) => ({ partition: own ? externalId : mrn, type, local })),
)

test('document id and resource id both lead back to the place they were made from', () => {
  fc.assert(
    fc.property(places, (place) => {
      expect(placeOfDocument(documentIdOf(place))).toEqual(place)
      expect(placeOfResource(place.type, resourceIdOf(place))).toEqual(place)
    }),
  )
})

test('an id that names a place is written again letter for letter', () => {
  fc.assert(
    fc.property(fc.oneof(places.map(documentIdOf), fc.string()), (id) => {
      const place = placeOfDocument(id)
      fc.pre(place !== undefined)
      expect(documentIdOf(place)).toBe(id)
    }),
  )
})

test('the examples of the contract', () => {
  expect(placeOfResource('Patient', '10100000042')).toEqual({ partition: '10100000042', type: 'Patient' })
  const place = { partition: '10100000042', type: 'Observation', local: '01J9ZK3V5N8Q2W4E6R8T0Y1U3I' }
  expect(placeOfDocument('10100000042:Observation:01J9ZK3V5N8Q2W4E6R8T0Y1U3I')).toEqual(place)
  expect(resourceIdOf(place)).toBe('10100000042.01J9ZK3V5N8Q2W4E6R8T0Y1U3I')
})
