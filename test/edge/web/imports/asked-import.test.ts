import { lacksOf, NOTHING_ASKED, OTHERS, requestOf, USUAL } from '../../../../edge/web/imports/asked-import'
import { PURPOSES_OF_USE } from '../../../../protocol/purpose-of-use'

const MRN = '10100000018'
const asked = { ...NOTHING_ASKED, mrn: MRN }

test.each([
  ['no MRN', { ...asked, mrn: ' ' }, { mrn: 'mrnMissing' }],
  ['what is no MRN', { ...asked, mrn: 'Sri' }, { mrn: 'mrnWrong' }],
  ['breaking the glass without a reason', { ...asked, purpose: 'BTG', isSure: true }, { reason: 'reasonMissing' }],
  ['breaking it without saying so', { ...asked, purpose: 'BTG', reason: 'pingsan' }, { isSure: 'notSure' }],
  ['a reason that is too long', { ...asked, reason: 'x'.repeat(501) }, { reason: 'reasonWrong' }],
] as const)('does not ask with %s', (_what, form, lacks) => expect(lacksOf(form)).toEqual(lacks))

test('asks for treatment with an MRN alone', () => {
  expect(lacksOf(asked)).toEqual({})
  expect(requestOf({ ...asked, mrn: '101 0000 0018' })).toEqual({ mrn: MRN, purpose: 'TREAT' })
})

test('breaks the glass with a reason, once somebody has said so', () => {
  const glass = { ...asked, purpose: 'BTG', reason: ' pingsan ', isSure: true } as const
  expect(lacksOf(glass)).toEqual({})
  expect(requestOf(glass)).toEqual({ mrn: MRN, purpose: 'BTG', reason: 'pingsan' })
})

test('every purpose can be chosen, once', () => {
  expect([...USUAL, ...OTHERS, 'BTG'].sort()).toEqual(Object.keys(PURPOSES_OF_USE).sort())
})
