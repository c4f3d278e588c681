import fc from 'fast-check'
import { isSent } from '../../protocol/push-rules'
import { externalIds, locals, mrns, resourceTypes } from '../support/arbitraries'

test('keeps back what is local, what was imported, and what another facility owns', () => {
  const _id = '10100000042:Patient'
  expect(isSent('101', { _id, localOnly: true })).toBe(false)
  expect(isSent('101', { _id, imported: { hubId: 'h' } })).toBe(false)
  expect(isSent('102', { _id })).toBe(false)
  expect(isSent('101', { _id: '_design/records' })).toBe(false)
})

test("lets out the facility's own, tombstones with them", () => {
  fc.assert(
    fc.property(externalIds, mrns, resourceTypes, locals, (other, { externalId, mrn }, type, local) => {
      const _id = `${mrn}:${type}:${local}`
      expect(isSent(externalId, { _id })).toBe(true)
      expect(isSent(externalId, { _id, localOnly: false })).toBe(true)
      fc.pre(!mrn.startsWith(other))
      expect(isSent(other, { _id })).toBe(false)
    }),
  )
})
