import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { httpbis } from 'http-message-signatures'
import { isInnerList, parseDictionary } from 'structured-headers'
import {
  CLOCK_TOLERANCE_SECONDS,
  newNonce,
  signatureBase,
  signImport,
  verifyImport,
  type WireRequest,
} from '../../protocol/import-signature'
import '../support/arbitraries'

const NOW = new Date('2026-11-22T07:41:03.000Z')
const NONCE = 'AAAAAAAAAAAAAAAAAAAAAA'
const NODE = { nodeName: 'node-102', nodePassword: 'fh9tqk3xCw8yVb2mN5sLr7dEoPzJ1aGuXiQ0RcT4YkM' }
const TARGET = '/fhir/Patient/10100000042/$everything'
const COMPONENTS = '"@method" "@path" "@query" "date" "purpose-of-use"'

const keysOf = (nodeName: string) => Promise.resolve(nodeName === NODE.nodeName ? [NODE.nodePassword] : [])
const verify = (request: WireRequest, now = NOW) => verifyImport(request, keysOf, now)

async function signed(target = TARGET, options: { now?: Date; nonce?: string } = {}): Promise<WireRequest> {
  const request = { method: 'GET', url: new URL(target, 'https://hub.example'), purpose: 'TREAT' }
  const headers = await signImport(request, NODE, { now: options.now ?? NOW, nonce: options.nonce ?? NONCE })
  return { method: 'GET', target, headers: lowerCase(headers) }
}

/** Signs whatever it is given, as an attacker or a careless client with the right key would. */
function signedRaw(input: string, change: { headers?: Record<string, string>; key?: string } = {}): WireRequest {
  const headers = { date: NOW.toUTCString(), 'purpose-of-use': 'TREAT', reason: 'x', ...change.headers }
  const request = { method: 'GET', target: TARGET, headers }
  const parsed = parseDictionary(input).get('sig')
  if (!parsed || !isInnerList(parsed)) throw new Error('not a signature input')
  const base = signatureBase(request, parsed)
  const mac = createHmac('sha256', change.key ?? NODE.nodePassword)
    .update(base)
    .digest('base64')
  return { ...request, headers: { ...headers, 'signature-input': input, signature: `sig=:${mac}:` } }
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

function without(request: WireRequest, name: string): WireRequest {
  const { [name]: _, ...headers } = request.headers
  return { ...request, headers }
}

function withHeader(request: WireRequest, name: string, value: string): WireRequest {
  return { ...request, headers: { ...request.headers, [name]: value } }
}

const created = NOW.getTime() / 1000
const parameters = (change: Record<string, string> = {}) =>
  Object.entries({
    created: String(created),
    nonce: `"${NONCE}"`,
    keyid: '"node-102"',
    alg: '"hmac-sha256"',
    tag: '"lontar-import"',
    ...change,
  })
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `;${name}=${value}`)
    .join('')

describe('what is not signed at all', () => {
  test('is said to be missing', async () => {
    expect(await verify({ method: 'GET', target: TARGET, headers: {} })).toEqual({ kind: 'missing' })
  })

  test.each(['signature', 'signature-input'])('half of a signature, without %s, is invalid', async (name) => {
    expect(await verify(without(await signed(), name))).toMatchObject({ kind: 'malformed' })
  })
})

describe('forms that are refused, though the right key signed them', () => {
  test.each([
    ['a component less', `sig=("@method" "@path" "@query" "date")${parameters()}`],
    ['a component more', `sig=(${COMPONENTS} "reason")${parameters()}`],
    ['a component twice', `sig=(${COMPONENTS} "date")${parameters()}`],
    ['another order', `sig=("@path" "@method" "@query" "date" "purpose-of-use")${parameters()}`],
    ['a parameter on a component', `sig=("@method" "@path" "@query" "date" "purpose-of-use";bs)${parameters()}`],
    [
      'a component that is read as a structured field',
      `sig=("@method" "@path" "@query" "date";sf "purpose-of-use")${parameters()}`,
    ],
    [
      'a component of the request, in a request',
      `sig=("@method";req "@path" "@query" "date" "purpose-of-use")${parameters()}`,
    ],
    ['one member of a component', `sig=("@method" "@path" "@query" "date" "purpose-of-use";key="a")${parameters()}`],
    ['a component of the trailers', `sig=("@method" "@path" "@query" "date";tr "purpose-of-use")${parameters()}`],
    ['a component in capitals', `sig=("@method" "@path" "@query" "Date" "purpose-of-use")${parameters()}`],
    ['a component that is a token', `sig=("@method" "@path" "@query" date "purpose-of-use")${parameters()}`],
    ['no components', `sig=()${parameters()}`],
    ['another algorithm', `sig=(${COMPONENTS})${parameters({ alg: '"ed25519"' })}`],
    ['an algorithm that is a token', `sig=(${COMPONENTS})${parameters({ alg: 'hmac-sha256' })}`],
    ['no algorithm', `sig=(${COMPONENTS})${parameters({ alg: '' })}`],
    ['another tag', `sig=(${COMPONENTS})${parameters({ tag: '"lontar-export"' })}`],
    ['no tag', `sig=(${COMPONENTS})${parameters({ tag: '' })}`],
    ['no time', `sig=(${COMPONENTS})${parameters({ created: '' })}`],
    ['a time that is a text', `sig=(${COMPONENTS})${parameters({ created: `"${created}"` })}`],
    ['a time with decimals', `sig=(${COMPONENTS})${parameters({ created: `${created}.5` })}`],
    ['no nonce', `sig=(${COMPONENTS})${parameters({ nonce: '' })}`],
    ['a short nonce', `sig=(${COMPONENTS})${parameters({ nonce: `"${'A'.repeat(21)}"` })}`],
    ['an endless nonce', `sig=(${COMPONENTS})${parameters({ nonce: `"${'A'.repeat(65)}"` })}`],
    ['a nonce that is not safe in an id', `sig=(${COMPONENTS})${parameters({ nonce: '"AAAAAAAAAAAAAAAAAAAAA/:"' })}`],
    ['a nonce of spaces', `sig=(${COMPONENTS})${parameters({ nonce: `"${' '.repeat(32)}"` })}`],
    ['a nonce that is a token', `sig=(${COMPONENTS})${parameters({ nonce: 'A'.repeat(32) })}`],
    ['a nonce in bytes', `sig=(${COMPONENTS})${parameters({ nonce: ':AAAAAAAAAAAAAAAAAAAAAA==:' })}`],
    [
      'a nonce that is true',
      `sig=(${COMPONENTS});created=${created};nonce;keyid="node-102";alg="hmac-sha256";tag="lontar-import"`,
    ],
    ['a time with a decimal that is none', `sig=(${COMPONENTS})${parameters({ created: `${created}.0` })}`],
    ['spaces between parameters', `sig=(${COMPONENTS})${parameters().replaceAll(';', '; ')}`],
    ['spaces between components', `sig=( ${COMPONENTS.replaceAll(' ', '  ')} )${parameters()}`],
    ['a parameter twice', `sig=(${COMPONENTS})${parameters()};alg="hmac-sha256"`],
    ['expires in place of created', `sig=(${COMPONENTS})${parameters({ created: '' })};expires=${created + 9}`],
    ['a parameter of its own', `sig=(${COMPONENTS})${parameters()};admin`],
    ["a node's name in other letters", `sig=(${COMPONENTS})${parameters({ keyid: '"NODE-102"' })}`],
    ["a node's name that is a token", `sig=(${COMPONENTS})${parameters({ keyid: 'node-102' })}`],
    ['no key id', `sig=(${COMPONENTS})${parameters({ keyid: '' })}`],
    ["a key id that is no node's name", `sig=(${COMPONENTS})${parameters({ keyid: '"../hub"' })}`],
    ['a parameter more', `sig=(${COMPONENTS})${parameters()};expires=${created + 9}`],
  ])('%s', async (_what, input) => {
    expect(await verify(signedRaw(input))).toMatchObject({ kind: 'malformed' })
  })

  test('the same form with nothing wrong in it is taken', async () => {
    expect(await verify(signedRaw(`sig=(${COMPONENTS})${parameters()}`))).toMatchObject({ kind: 'valid' })
  })

  test('one label twice, in either header', async () => {
    const { target, headers } = await signed()
    const input = String(headers['signature-input'])
    const signature = String(headers['signature'])
    const of = (inputs: string, signatures: string) =>
      verify({ method: 'GET', target, headers: { ...headers, 'signature-input': inputs, signature: signatures } })
    expect((await of(`${input}, ${input}`, signature)).kind).toBe('malformed')
    expect((await of(input, `${signature}, ${signature}`)).kind).toBe('malformed')
    expect((await of(`${input}, ${input}`, `${signature}, ${signature}`)).kind).toBe('malformed')
  })

  test('base64 that is another text of the same bytes', async () => {
    const request = await signed()
    const signature = String(request.headers['signature'])
    // 32 bytes leave two bits of the last character that count for nothing.
    const last = signature.at(-3) ?? ''
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
    const twin = signature.slice(0, -3) + alphabet[alphabet.indexOf(last) + 1] + signature.slice(-2)
    expect(Buffer.from(twin.slice(5, -1), 'base64')).toEqual(Buffer.from(signature.slice(5, -1), 'base64'))
    expect((await verify(withHeader(request, 'signature', twin))).kind).toBe('malformed')
  })

  test('two signatures', async () => {
    const { target, headers } = await signed()
    const input = String(headers['signature-input'])
    const signature = String(headers['signature'])
    const twice = { ...headers, 'signature-input': `${input}, b${input}`, signature: `${signature}, b${signature}` }
    expect(await verify({ method: 'GET', target, headers: twice })).toMatchObject({ kind: 'malformed' })
  })

  test('two labels that differ', async () => {
    const request = await signed()
    const other = String(request.headers['signature']).replace('sig=', 'other=')
    expect(await verify(withHeader(request, 'signature', other))).toMatchObject({ kind: 'malformed' })
  })

  test.each(['2026-11-22', 'Sun, 22 Nov 2026 07:41:03 +0000', 'Mon, 22 Nov 2026 07:41:03 GMT', '0', ''])(
    'the date %j',
    async (date) => {
      const request = signedRaw(`sig=(${COMPONENTS})${parameters()}`, { headers: { date } })
      expect(await verify(request)).toMatchObject({ kind: 'malformed' })
    },
  )

  test.each([
    'sig=("@method" "@path" "@query-param";name="_linked" "date" "purpose-of-use")',
    'sig=("@method" "@request-target" "@target-uri" "date" "purpose-of-use")',
    'sig',
    'sig=1',
    'sig=(',
    '"',
    'sig=("@method");created',
    `sig=(${'"@method" '.repeat(500)})`,
  ])('Signature-Input: %j', async (input) => {
    expect(await verify(withHeader(await signed(), 'signature-input', input))).toMatchObject({ kind: 'malformed' })
  })

  test('a valid header with anything changed in it is not valid, and nothing throws', async () => {
    const request = await signed()
    const header = fc.constantFrom('signature-input', 'signature')
    const part = fc.oneof(
      fc.string({ unit: 'binary-ascii', maxLength: 12 }),
      fc.constantFrom(
        '',
        ',',
        ';',
        '=',
        '"',
        '(',
        ')',
        ':',
        ' ',
        '\t',
        ';sf',
        ';bs',
        ';req',
        ';expires=1',
        ', sig=()',
        ', b=:AA==:',
        '"date"',
      ),
    )
    await fc.assert(
      fc.asyncProperty(header, fc.nat(400), fc.nat(12), part, async (name, at, length, inserted) => {
        const text = String(request.headers[name])
        const start = at % (text.length + 1)
        const changed = text.slice(0, start) + inserted + text.slice(start + length)
        const { kind } = await verify(withHeader(request, name, changed))
        expect(kind === 'valid').toBe(changed === text)
      }),
      { numRuns: 5_000 },
    )
  })

  test('nothing that a caller can send makes it throw', async () => {
    const request = await signed()
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary-ascii' }), fc.string({ unit: 'binary-ascii' }), async (a, b) => {
        const headers = { ...request.headers, 'signature-input': `sig=${a}`, signature: `sig=${b}` }
        expect((await verify({ ...request, headers })).kind).toBe('malformed')
      }),
    )
  })
})

describe('what was changed on the way', () => {
  test.each([
    ['the method', (request: WireRequest) => ({ ...request, method: 'POST' })],
    ['the patient', (request: WireRequest) => ({ ...request, target: TARGET.replace('42', '59') })],
    ['a question mark and a parameter', (request: WireRequest) => ({ ...request, target: `${TARGET}?_linked=false` })],
    ['the writing of the path', (request: WireRequest) => ({ ...request, target: TARGET.replace('$', '%24') })],
    ['the purpose', (request: WireRequest) => withHeader(request, 'purpose-of-use', 'BTG')],
    ['the date', (request: WireRequest) => withHeader(request, 'date', new Date(NOW.getTime() + 1000).toUTCString())],
    ['the nonce', (request: WireRequest) => replaced(request, NONCE, NONCE.replace(/A$/, 'B'))],
    ['the time', (request: WireRequest) => replaced(request, String(created), String(created + 1))],
    ['the node', (request: WireRequest) => replaced(request, 'node-102', 'node-103')],
    ['the signature', (request: WireRequest) => withHeader(request, 'signature', `sig=:${btoa('x'.repeat(32))}:`)],
    ['its length', (request: WireRequest) => withHeader(request, 'signature', `sig=:${btoa('x')}:`)],
  ])('%s', async (_what, change) => {
    expect(await verify(change(await signed()))).toMatchObject({ kind: 'invalid' })
  })

  function replaced(request: WireRequest, from: string, to: string): WireRequest {
    const input = String(request.headers['signature-input'])
    expect(input).toContain(from)
    return withHeader(request, 'signature-input', input.replace(from, to))
  }

  test('any one character of the signed target', async () => {
    const request = await signed(`${TARGET}?_linked=false`)
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: request.target.length - 1 }), fc.stringMatching(/^[!-~]$/), async (at, to) => {
        const target = request.target.slice(0, at) + to + request.target.slice(at + 1)
        const expected = target === request.target ? 'valid' : 'invalid'
        expect((await verify({ ...request, target })).kind).toBe(expected)
      }),
      { numRuns: 200 },
    )
  })
})

test('an unknown node gets the answer of a wrong key', async () => {
  const input = `sig=(${COMPONENTS})${parameters()}`
  const unknown = await verifyImport(signedRaw(input), () => Promise.resolve([]), NOW)
  const wrong = await verify(signedRaw(input, { key: 'x' }))
  expect(wrong).toMatchObject({ kind: 'invalid', nodeName: 'node-102' })
  expect(unknown).toEqual(wrong)
})

describe('the time', () => {
  const offsets = [-CLOCK_TOLERANCE_SECONDS, -1, 0, 1, CLOCK_TOLERANCE_SECONDS]
  test.each(offsets)('is taken %d s off', async (seconds) => {
    expect((await verify(await signed(TARGET, { now: new Date(NOW.getTime() + seconds * 1000) }))).kind).toBe('valid')
  })

  test.each([-CLOCK_TOLERANCE_SECONDS - 1, CLOCK_TOLERANCE_SECONDS + 1, -1e9, 1e9])(
    'is refused %d s off',
    async (s) => {
      const request = await signed(TARGET, { now: new Date(NOW.getTime() + s * 1000) })
      expect(await verify(request)).toEqual({ kind: 'clock-skew', nodeName: 'node-102', nonce: NONCE })
    },
  )

  test('counts in created and in Date alike', async () => {
    const late = new Date(NOW.getTime() + 301_000).toUTCString()
    const dateOff = signedRaw(`sig=(${COMPONENTS})${parameters()}`, { headers: { date: late } })
    expect((await verify(dateOff)).kind).toBe('clock-skew')
    const createdOff = signedRaw(`sig=(${COMPONENTS})${parameters({ created: String(created - 301) })}`)
    expect((await verify(createdOff)).kind).toBe('clock-skew')
  })

  test('is not spoken of to somebody without the key', async () => {
    const input = `sig=(${COMPONENTS})${parameters({ created: '1' })}`
    expect((await verify(signedRaw(input, { key: 'x' }))).kind).toBe('invalid')
  })
})

test('what signImport signs, verifyImport takes: any path, query, node, password and moment', async () => {
  const names = fc.stringMatching(/^node-[A-Z0-9]{2,12}$/)
  const passwords = fc.stringMatching(/^[A-Za-z0-9_-]{43}$/)
  // Not 1970-01-01T00:00:00Z itself: the library leaves out parameters that are 0.
  const moments = fc.date({ min: new Date(1000), max: new Date('2100-01-01'), noInvalidDate: true })
  const queries = fc.constantFrom('', '?', '?_linked=false', '?a=%20b&c=%C3%A4')
  await fc.assert(
    fc.asyncProperty(names, passwords, moments, queries, async (nodeName, nodePassword, now, query) => {
      const target = `/fhir/Patient/10100000042/$everything${query}`
      const nonce = newNonce()
      const request = { method: 'GET', url: new URL(target, 'http://hub'), purpose: 'ETREAT' }
      const headers = await signImport(request, { nodeName, nodePassword }, { now, nonce })
      const verdict = await verifyImport(
        { method: 'GET', target, headers },
        (name) => Promise.resolve(name === nodeName ? ['another', nodePassword] : []),
        now,
      )
      expect(verdict).toEqual({ kind: 'valid', nodeName, nonce, key: 1 })
    }),
    { numRuns: 100 },
  )
})

test('a nonce is 128 bits and never the same', () => {
  const nonces = new Set(Array.from({ length: 1_000 }, newNonce))
  expect(nonces.size).toBe(1_000)
  for (const nonce of nonces) expect(Buffer.from(nonce, 'base64url')).toHaveLength(16)
})

test('the base is written as RFC 9421 does, letter for letter', async () => {
  const request = await signed(`${TARGET}?_linked=false`)
  const input = parseDictionary(String(request.headers['signature-input'])).get('sig')
  if (!input || !isInnerList(input)) throw new Error('no signature input')
  expect(signatureBase(request, input)).toBe(
    [
      '"@method": GET',
      '"@path": /fhir/Patient/10100000042/$everything',
      '"@query": ?_linked=false',
      '"date": Sun, 22 Nov 2026 07:41:03 GMT',
      '"purpose-of-use": TREAT',
      `"@signature-params": (${COMPONENTS});created=${created};nonce="${NONCE}";keyid="node-102";alg="hmac-sha256";tag="lontar-import"`,
    ].join('\n'),
  )
})

test('RFC 9421, appendix B.2.5: the base and its HMAC', () => {
  const input = '("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"'
  const parsed = parseDictionary(`sig-b25=${input}`).get('sig-b25')
  if (!parsed || !isInnerList(parsed)) throw new Error('no signature input')
  const request = {
    method: 'POST',
    target: 'https://example.com/foo?param=Value&Pet=dog',
    headers: { date: 'Tue, 20 Apr 2021 02:07:55 GMT', 'content-type': 'application/json' },
  }
  const base = signatureBase(request, parsed)
  expect(base).toBe(
    [
      '"date": Tue, 20 Apr 2021 02:07:55 GMT',
      '"@authority": example.com',
      '"content-type": application/json',
      `"@signature-params": ${input}`,
    ].join('\n'),
  )
  const key = Buffer.from(
    'uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==',
    'base64',
  )
  expect(createHmac('sha256', key).update(base).digest('base64')).toBe('pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=')
})

test("the library's own verifier agrees with ours", async () => {
  const request = await signed()
  const key = {
    verify: (base: Buffer, signature: Buffer) =>
      Promise.resolve(createHmac('sha256', NODE.nodePassword).update(base).digest().equals(signature)),
  }
  const verified = await httpbis.verifyMessage(
    { keyLookup: () => Promise.resolve(key), notAfter: Number.POSITIVE_INFINITY },
    { method: 'GET', url: `https://hub.example${TARGET}`, headers: request.headers as Record<string, string> },
  )
  expect(verified).toBe(true)
})
