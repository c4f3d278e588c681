import { hasCheckDigit, mrnIn } from '../../../../edge/web/imports/scanned-mrn'
import { mrnOf } from '../../../../protocol/mrn'

const MRN = mrnOf('101', 1)

test.each(['', '   ', 'Sri Lestari', '101', '../hub', 'https://example.org/', `${MRN}/x`, 'x'.repeat(5_000)])(
  'finds no MRN in %j',
  (text) => expect(mrnIn(text)).toBeUndefined(),
)

test.each([
  MRN,
  ` ${MRN}\n`,
  '101 0000 0018',
  '101-00000018',
  '101.0000.0018',
  `Patient/${MRN}`,
  `https://edge.example.org/fhir/Patient/${MRN}`,
  `http://192.168.1.4:7070/patients/${MRN}/`,
])('finds the MRN in %j', (text) => expect(mrnIn(text)).toBe(MRN))

test('small letters of an external ID mean the large ones', () => expect(mrnIn('pkm700000018')).toBe('PKM700000018'))

test('tells a number with a slip from one that was made here', () => {
  expect(hasCheckDigit(MRN)).toBe(true)
  expect(hasCheckDigit('10100000081')).toBe(false)
})
