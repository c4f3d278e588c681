import { encodingFor } from '../../runtime/send-compressed'

test.each([
  ['', 'identity'],
  ['identity', 'identity'],
  ['deflate, zstd', 'identity'],
  ['gzip;q=0, br;q=0.0', 'identity'],
  ['gzip', 'gzip'],
  ['GZIP;q=0.5, br;q=0', 'gzip'],
  ['gzip, deflate, br', 'br'],
  [' br ; q=0.1', 'br'],
])('Accept-Encoding: %j is answered in %s', (header, encoding) => {
  expect(encodingFor(header)).toBe(encoding)
})
