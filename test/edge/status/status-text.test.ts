import { bytesText, durationText } from '../../../edge/status/status-text'

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [9_949, '9.9 kB'],
  [12_345, '12 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [1_400_000, '1.4 MB'],
  [5e12, '5.0 TB'],
])('%s bytes are %s', (bytes, text) => expect(bytesText(bytes)).toBe(text))

test.each([
  [0, '0 s'],
  [89, '89 s'],
  [90, '2 min'],
  [3_600, '60 min'],
  [6 * 3_600, '6 h'],
  [3 * 86_400, '3 days'],
])('%s s are %s', (seconds, text) => expect(durationText(seconds)).toBe(text))
