import fc from 'fast-check'
import { clash, isExternalId } from '../../protocol/external-id'
import { isNodeName, nodeNameOf, rolesOf } from '../../protocol/node-name'
import { externalIds } from '../support/arbitraries'

test.each(['', '1', 'a01', '101-1', '1234567890123', ' 101', '101\n', '１０１', 'ÄÖ'])('refuses %j', (text) => {
  expect(isExternalId(text)).toBe(false)
  expect(isNodeName(nodeNameOf(text))).toBe(false)
})

test.each(['node-', 'node-101 ', 'Node-101', 'node-101:x', '101', 'node-../x'])('refuses %j as a node name', (text) => {
  expect(isNodeName(text)).toBe(false)
})

test('takes two to twelve capitals and digits', () => {
  fc.assert(fc.property(externalIds, (externalId) => isExternalId(externalId) && isNodeName(nodeNameOf(externalId))))
})

test('names the roles that the validators read', () => {
  expect(rolesOf('101')).toEqual(['node', 'facility:101'])
})

describe('law 2: external IDs are prefix-free', () => {
  test('one that begins the other clashes, whichever is asked first', () => {
    fc.assert(
      fc.property(externalIds, fc.stringMatching(/^[A-Z0-9]{0,4}$/), (externalId, more) => {
        expect(clash(externalId, externalId + more)).toBe(true)
        expect(clash(externalId + more, externalId)).toBe(true)
      }),
    )
  })

  test('two that differ within the shorter one do not', () => {
    expect(clash('101', '102')).toBe(false)
    expect(clash('1011', '102')).toBe(false)
  })
})
