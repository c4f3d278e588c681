import { TEXTS } from './dictionary'
import { type Header, onLine } from './draft'
import { mutateBytes } from './mutate-bytes'
import type { Random } from './random'

const CREDENTIALS =
  /^(authorization|cookie|x-csrf-token|signature|signature-input|date|purpose-of-use|reason|node-name|node-signature)$/i

export function mutatedCredentials(headers: readonly Header[], random: Random): Header[] {
  const places = headers.flatMap(([name], index) => (CREDENTIALS.test(name) ? [index] : []))
  if (places.length === 0 || random.chance(0.2)) return [...headers, random.pick(STRANGE_CREDENTIALS)]
  const place = random.pick(places)
  const [name, value] = headers[place] as Header
  const other = random.pick<() => Header[]>([
    () => [],
    () => [
      [name, value],
      [name, value],
    ],
    () => [[name, onLine(random.pick(TEXTS))]],
    () => [[name, onLine(mutateBytes(Buffer.from(value, 'latin1'), random).toString('latin1'))]],
    () => [[name, onLine(mutateBytes(Buffer.from(value, 'latin1'), random).toString('latin1'))]],
    () => [[name, value.toUpperCase()]],
    () => [[name, value.slice(0, random.below(value.length + 1))]],
    () => [[name, withinParts(value, random)]],
    () => [[name, `${value}, ${value}`]],
  ])()
  return headers.toSpliced(place, 1, ...other)
}

/** One part of a structured field, a cookie or Basic's pair is exchanged. */
function withinParts(value: string, random: Random): string {
  const basic = /^Basic (.*)$/.exec(value)?.[1]
  if (basic !== undefined) {
    const [name = '', ...password] = Buffer.from(basic, 'base64').toString().split(':')
    const pair = random.chance(0.7) ? `${random.pick(TEXTS)}:${password.join(':')}` : random.pick(TEXTS) + name
    return `Basic ${Buffer.from(pair).toString('base64')}`
  }
  const parts = value.split(/([;, ="()]+)/)
  return onLine(parts.with(random.below(parts.length), random.pick([...TEXTS, ...PARTS])).join(''))
}

const PARTS = [
  '99999999999999999999',
  '-1',
  '1.5',
  '?1',
  ':AA==:',
  '"@path"',
  '"@status"',
  'rsa-pss-sha512',
  'created',
  ' ',
]

const STRANGE_CREDENTIALS: readonly Header[] = [
  ['authorization', 'Basic'],
  ['authorization', 'Basic ===='],
  ['authorization', `Basic ${Buffer.from('node-101').toString('base64')}`],
  ['authorization', `Basic ${Buffer.from(`node-101:${'x'.repeat(5_000)}`).toString('base64')}`],
  ['authorization', `Basic ${Buffer.from('\u0000:\u0000').toString('base64')}`],
  ['authorization', `Basic ${Buffer.from([0xff, 0x3a, 0xfe]).toString('base64')}`],
  ['authorization', `Basic ${Buffer.from('__proto__:x').toString('base64')}`],
  ['authorization', `Bearer ${'A'.repeat(43)}`],
  ['authorization', 'Bearer'],
  ['authorization', 'Negotiate abc'],
  ['cookie', `lontar-operator=${'A'.repeat(43)}`],
  ['cookie', ';;;=;lontar-operator'],
  ['cookie', 'AuthSession=bm9kZS0xMDE6NjU='],
  ['signature', 'sig=:AAAA:'],
  ['signature-input', 'sig=("@method");created=1;keyid="node-101"'],
  ['signature-input', 'sig=(((((('],
  ['signature-input', `sig=(${'"a" '.repeat(2_000)})`],
  ['node-name', 'node-101'],
  ['node-signature', '0'.repeat(64)],
  ['x-csrf-token', ''],
  ['x-auth-couchdb-username', 'admin'],
  ['x-auth-couchdb-roles', '_admin'],
]

export function mutatedHeaders(headers: readonly Header[], random: Random): Header[] {
  if (headers.length === 0) return [random.pick(STRANGE_HEADERS)]
  const place = random.below(headers.length)
  const [name, value] = headers[place] as Header
  return random.pick<() => Header[]>([
    () => headers.toSpliced(place, 1),
    () => [...headers, [name, value]],
    () => headers.with(place, [name, onLine(random.pick(TEXTS))]),
    () => headers.with(place, [name.toUpperCase(), value]),
    () => [...headers, random.pick(STRANGE_HEADERS)],
    () => [...headers, random.pick(STRANGE_HEADERS)],
    () => [...headers, random.pick(STRANGE_HEADERS)],
    () => [...headers, [`x-${random.hex(4)}`, onLine(random.pick(TEXTS))]],
    () => [...headers, ...Array.from({ length: 120 }, (_, index): Header => [`x-${index}`, 'a'])],
    () => [...headers, ['x-long', 'a'.repeat(15_000 + random.below(4_000))]],
  ])()
}

const STRANGE_HEADERS: readonly Header[] = [
  ['content-type', 'application/json; charset=utf-16'],
  ['content-type', 'application/json; charset=x'],
  ['content-type', 'text/plain'],
  ['content-type', 'application/x-www-form-urlencoded'],
  ['content-type', 'multipart/form-data; boundary=a'],
  ['content-type', ''],
  ['content-type', ';;;'],
  ['content-encoding', 'gzip'],
  ['content-encoding', 'br'],
  ['content-encoding', 'deflate'],
  ['content-encoding', 'gzip, gzip'],
  ['content-encoding', 'zstd'],
  ['content-encoding', ''],
  ['accept', '*/*;q=x, text/csv'],
  ['accept', 'application/fhir+json'],
  ['accept-encoding', 'br;q=0, gzip;q=1.000, *;q=0'],
  ['accept-encoding', 'br, '.repeat(200)],
  ['expect', '100-continue'],
  ['expect', 'the unexpected'],
  ['connection', 'close'],
  ['connection', 'upgrade'],
  ['upgrade', 'websocket'],
  ['te', 'trailers'],
  ['range', 'bytes=0-1'],
  ['if-none-match', '*'],
  ['if-none-match', '"a", W/"b", ,'],
  ['if-match', '"a"'],
  ['if-modified-since', 'yesterday'],
  ['origin', 'https://elsewhere.example'],
  ['origin', 'null'],
  ['host', 'elsewhere.example'],
  ['host', ''],
  ['host', 'a b'],
  ['x-forwarded-for', '1.2.3.4, ::1, x'],
  ['x-forwarded-proto', 'https'],
  ['x-forwarded-host', 'elsewhere.example'],
  ['forwarded', 'for="_x"'],
  ['x-http-method-override', 'DELETE'],
  ['x-original-url', '/operator/nodes'],
  ['x-request-id', 'a'.repeat(300)],
  ['transfer-encoding', 'identity'],
  ['sec-fetch-site', 'cross-site'],
  ['sec-fetch-mode', 'navigate'],
  ['purpose-of-use', 'BTG'],
  ['reason', 'caf\u00e9'],
  ['date', 'Thu, 01 Jan 1970 00:00:00 GMT'],
]
