import fc from 'fast-check'
import { clash } from '../../protocol/external-id'
import { documentIdOf } from '../../protocol/ids'
import { mrnOf } from '../../protocol/mrn'
import { owns } from '../../protocol/owns'
import { counters, externalIds, locals, mrns, resourceTypes } from '../support/arbitraries'

describe('law 1: a facility writes only under its own prefix', () => {
  test.each([
    ["another facility's patient", '101', '10200000042:Patient'],
    ["another facility's own resource", '101', '102:Organization:main'],
    ['a longer external ID that begins the same', '10', '1010:Organization:main'],
    ['fewer than seven digits', '101', '101123456:Patient'],
    ['more than eight digits', '101', '101123456789:Patient'],
    ['letters where the digits are', '101', '101A000001:Patient'],
    ['digits of another script', '101', '101٠٠٠٠٠٠٠:Patient'],
    ['a design document', '101', '_design/evil'],
    ['a local document', '101', '_local/101'],
    ['a line break behind the digits', '101', '1010000000\n:Patient'],
    ['a space before the prefix', '101', ' 1010000000:Patient'],
    ['an empty id', '101', ''],
    ['an id without a partition', '101', ':Patient'],
    ['an empty external ID', '', '1234567:Patient'],
  ])('refuses %s', (_what, externalId, id) => {
    expect(owns(externalId, id)).toBe(false)
  })

  test('owns every MRN it mints, and everything in that partition', () => {
    fc.assert(
      fc.property(externalIds, counters, resourceTypes, locals, (externalId, counter, type, local) => {
        const partition = mrnOf(externalId, counter)
        expect(owns(externalId, partition)).toBe(true)
        expect(owns(externalId, documentIdOf({ partition, type: 'Patient' }))).toBe(true)
        expect(owns(externalId, documentIdOf({ partition, type, local }))).toBe(true)
        expect(owns(externalId, documentIdOf({ partition: externalId, type, local }))).toBe(true)
      }),
    )
  })

  test('with prefix-free external IDs (law 2), no id has two owners', () => {
    const shortIds = fc.stringMatching(/^[A-Z0-9]{2,4}$/)
    fc.assert(
      fc.property(shortIds, shortIds, fc.stringMatching(/^[0-9]{0,9}$/), (a, b, digits) => {
        fc.pre(!clash(a, b))
        const id = `${a}${digits}:Patient`
        expect(owns(a, id) && owns(b, id)).toBe(false)
      }),
      { numRuns: 2_000 },
    )
  })

  test('without it, one id would have two: that is why 10 and 101 clash', () => {
    expect([owns('10', '1010000000:Patient'), owns('101', '1010000000:Patient')]).toEqual([true, true])
    expect(clash('10', '101')).toBe(true)
  })

  test('looks at nothing behind the first colon', () => {
    fc.assert(
      fc.property(mrns, fc.string(), ({ externalId, mrn }, rest) => {
        expect(owns(externalId, `${mrn}:${rest}`)).toBe(owns(externalId, mrn))
      }),
    )
  })
})
