import { request as httpRequest } from 'node:http'
import type { Bundle } from 'fhir/r4'
import { newNonce, signImport } from '../../../protocol/import-signature'
import { paperSignatureOf } from '../../../protocol/paper-signature'
import { type Asked, answerOf, askHub } from './ask-hub'
import { type HubOfFakes, record, startHubOfFakes } from './hub-of-fakes'

const MRN = '10100000042'
const VISIT = '10200000018'

let hub: HubOfFakes

beforeEach(async () => {
  hub = await startHubOfFakes()
  hub.records = [
    record('101', MRN, 'Patient', undefined, { gender: 'female', meta: { source: 'urn:here' } }),
    record('101', MRN, 'Observation', '01A', {
      status: 'final',
      performer: [{ reference: 'PractitionerRole/101.nurse' }, { reference: 'Practitioner/102.doctor' }],
      note: [{ text: 'not a reference: "reference":"Organization/101.secret"' }],
      hasMember: [{ reference: 'Observation/10100000059.x' }],
    }),
    record('101', '10100000059', 'Patient'),
    record('101', '10100000059', 'Observation', 'x'),
    record('101', '101', 'PractitionerRole', 'nurse', { practitioner: { reference: 'Practitioner/101.siti' } }),
    record('101', '101', 'Practitioner', 'siti'),
    record('101', '101', 'Organization', 'secret'),
    record('102', '102', 'Practitioner', 'doctor'),
  ]
})

afterEach(() => hub.stop())

const ask = (asked: Asked = {}) => askHub(hub, asked)

const ids = (bundle: Bundle, mode: string) =>
  (bundle.entry ?? []).filter((entry) => entry.search?.mode === mode).map((entry) => entry.resource?.id)

/** Looked for in what is remembered, then in the database, and written down; nothing else tells a name from a key. */
const SAME_WORK = {
  events: ['signer', 'signer read', 'audit'],
  headers: expect.arrayContaining(['accept-signature', 'cache-control', 'content-length', 'www-authenticate']),
  body: {
    resourceType: 'OperationOutcome',
    issue: [expect.objectContaining({ diagnostics: expect.stringContaining('not one of this node') })],
  },
}

describe('refuses', () => {
  const path = `/fhir/Patient/${MRN}/$everything`

  test('a request without a signature, and says what one looks like', async () => {
    const answer = await answerOf(await fetch(hub.url + path))
    expect(answer).toMatchObject({ status: 401, code: 'SIGNATURE_MISSING' })
    expect(answer.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8')
    expect(answer.headers.get('accept-signature')).toContain('tag="lontar-import"')
    expect(answer.headers.has('www-authenticate')).toBe(true)
  })

  test.each([
    ['another password', { nodePassword: 'x' }, 401, 'SIGNATURE_INVALID'],
    ['another purpose than was signed', { headers: { 'Purpose-Of-Use': 'ETREAT' } }, 401, 'SIGNATURE_INVALID'],
    ['a clock that is late', { now: new Date(Date.now() - 400_000) }, 401, 'CLOCK_SKEW'],
    ['a clock that is early', { now: new Date(Date.now() + 400_000) }, 401, 'CLOCK_SKEW'],
    ['no purpose', { purpose: '' }, 400, 'PURPOSE_INVALID'],
    ['a purpose that nobody knows', { purpose: 'CURIOSITY' }, 400, 'PURPOSE_INVALID'],
    ['two purposes', { purpose: 'TREAT, BTG' }, 400, 'PURPOSE_INVALID'],
    ['breaking the glass without a reason', { purpose: 'BTG' }, 400, 'PURPOSE_INVALID'],
    ['a reason without end', { purpose: 'BTG', headers: { Reason: 'x'.repeat(501) } }, 400, 'INVALID_REQUEST'],
    ['what is no MRN', { mrn: '101' }, 400, 'INVALID_REQUEST'],
    ['a parameter that is not served', { query: '?_count=5' }, 400, 'INVALID_REQUEST'],
    ['_linked that is neither true nor false', { query: '?_linked=no' }, 400, 'INVALID_REQUEST'],
    ['another method', { method: 'POST' }, 405, 'METHOD_NOT_ALLOWED'],
    ['a patient that is not there', { mrn: '10100000067' }, 404, 'PATIENT_UNKNOWN'],
  ])('%s, and writes it down', async (_what, asked, status, code) => {
    expect(await ask(asked)).toMatchObject({ status, code })
    expect(hub.audit).toHaveLength(1)
    expect(hub.audit[0]).toMatchObject({ kind: 'import', outcome: 'refused', code, node: 'node-102' })
  })

  test('HEAD: it is not GET, and would tell whom the hub knows', async () => {
    expect(await ask({ method: 'HEAD' })).toMatchObject({ status: 405 })
  })

  test('a record whose Patient has not arrived', async () => {
    hub.records = hub.records.filter(({ type }) => type !== 'Patient')
    expect(await ask()).toMatchObject({ status: 404, code: 'PATIENT_UNKNOWN' })
  })

  test('a suspended facility', async () => {
    hub.node = { ...hub.node, state: 'suspended' }
    expect(await ask()).toMatchObject({ status: 403, code: 'NODE_SUSPENDED' })
    expect(hub.events).not.toContain('read')
  })

  test.each(['none', 'pending', 'rejected'] as const)('a facility whose data access is %s', async (status) => {
    hub.node = { ...hub.node, dataAccess: { status } }
    expect(await ask()).toMatchObject({ status: 403, code: 'DATA_ACCESS_REQUIRED' })
    expect(hub.events).not.toContain('read')
  })

  test('a node of another name with the same words as one with a wrong key', async () => {
    const wrong = await ask({ nodePassword: 'x' })
    hub.node = { ...hub.node, nodeName: 'node-103' }
    const unknown = await ask()
    expect(unknown.bundle).toEqual(wrong.bundle)
  })

  test.each([
    ['a node that nobody has', { nodeName: 'node-999' }],
    ['the key of another node', { nodePassword: 'x'.repeat(43) }],
  ])('%s: the same answer for the same work', async (_what, asked) => {
    const answer = await ask(asked)
    expect(answer).toMatchObject({ status: 401, code: 'SIGNATURE_INVALID' })
    const headers = [...answer.headers.keys()].filter((name) => name !== 'date')
    expect({ events: hub.events, headers, body: answer.bundle }).toEqual(SAME_WORK)
  })

  test('everything, if the audit can not be written (law 6)', async () => {
    hub.failAudit = true
    expect(await ask()).toMatchObject({ status: 500 })
  })
})

describe('a request that was changed on its way', () => {
  const path = `/fhir/Patient/${MRN}/$everything`
  const signed = async (target = path, method = 'GET') =>
    signImport(
      { method, url: new URL(target, hub.url), purpose: 'TREAT' },
      { nodeName: 'node-102', nodePassword: hub.nodePassword },
      { now: new Date(), nonce: newNonce() },
    )
  const send = async (target: string, headers: Record<string, string>, method = 'GET') =>
    answerOf(await fetch(hub.url + target, { method, headers }))

  test.each([
    ['another query', `${path}?_linked=false`, 'GET'],
    ['a lone question mark with something behind it', `${path}?x`, 'GET'],
    ['a digit of the MRN written as %30', path.replace('0', '%30'), 'GET'],
    ['another patient', path.replace(MRN, '10100000059'), 'GET'],
    ['another method', path, 'DELETE'],
  ])('%s is refused', async (_what, target, method) => {
    expect(await send(target, await signed(), method)).toMatchObject({ status: 401, code: 'SIGNATURE_INVALID' })
    expect(hub.events).not.toContain('read')
  })

  test.each([
    ['a path that goes round', `/fhir/x/../Patient/${MRN}/$everything`],
    ['a slash more', `${path}/`],
    ['a slash twice', path.replace('/Patient', '//Patient')],
    ['other letters', path.replace('Patient', 'patient')],
    ['another host before it', `http://other.example${path}`],
    ['the dollar sign written as %24', path.replace('$', '%24')],
  ])('%s leads nowhere, or is not what was signed', async (_what, target) => {
    expect([401, 404]).toContain((await raw(target, await signed())).status)
    expect(hub.events).not.toContain('read')
  })

  test('a signature of one path counts for no other writing of it, also where both lead here', async () => {
    const escaped = path.replace(MRN, MRN.replace('0', '%30'))
    expect(await send(escaped, await signed(escaped))).toMatchObject({ status: 200 })
    expect(await send(path, await signed(escaped))).toMatchObject({ status: 401 })
  })

  test.each(['Signature', 'Signature-Input', 'Date', 'Purpose-Of-Use'])('%s twice is refused', async (name) => {
    const headers = await signed()
    expect(await raw(path, headers, [[name, headers[name] ?? '']])).toEqual({ status: 401 })
  })

  /** As it is written: fetch and URL would clean it. */
  function raw(target: string, headers: Record<string, string>, more: [string, string][] = []) {
    const lines = [...Object.entries(headers), ...more].flat()
    const { hostname, host, port } = new URL(hub.url)
    return new Promise<{ status: number | undefined }>((resolve, reject) => {
      const headerLines = ['Host', host, 'Connection', 'close', ...lines]
      const request = httpRequest({ hostname, port, path: target, headers: headerLines as never })
      request.once('response', (response) => {
        response.resume()
        resolve({ status: response.statusCode })
      })
      request.once('error', reject)
      request.end()
    })
  }
})

describe('a nonce counts for one answer', () => {
  test('a replay gets nothing and is written down', async () => {
    const nonce = newNonce()
    expect(await ask({ nonce })).toMatchObject({ status: 200 })
    expect(await ask({ nonce })).toMatchObject({ status: 409, code: 'REPLAY' })
    expect(hub.audit.map(({ outcome, code }) => [outcome, code])).toEqual([
      ['allowed', undefined],
      ['refused', 'REPLAY'],
    ])
  })

  test('of ten at the same moment one is answered', async () => {
    const nonce = newNonce()
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask({ nonce })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(409)])
  })

  test.each([
    ['an unknown patient, who arrives', { mrn: '10100000067' }, () => record('101', '10100000067', 'Patient')],
    ['a clock that is early, when the time has come', { now: new Date(Date.now() + 400_000) }, undefined],
  ])('also after %s', async (_what, asked, arrival) => {
    const nonce = newNonce()
    expect((await ask({ ...asked, nonce })).status).toBeGreaterThanOrEqual(400)
    if (arrival) hub.records.push(arrival())
    expect(await ask({ ...asked, now: new Date(), nonce })).toMatchObject({ status: 409, code: 'REPLAY' })
  })

  test('also after a suspension that ends', async () => {
    const nonce = newNonce()
    hub.node = { ...hub.node, state: 'suspended' }
    await ask({ nonce })
    hub.node = { ...hub.node, state: 'active' }
    expect(await ask({ nonce })).toMatchObject({ status: 409, code: 'REPLAY' })
  })

  test('a signature that was not valid uses up nobody’s nonce', async () => {
    const nonce = newNonce()
    await ask({ nonce, nodePassword: 'x' })
    expect(await ask({ nonce })).toMatchObject({ status: 200 })
  })
})

describe('a record', () => {
  test('is the whole partition, and what of facilities it refers to, over several steps', async () => {
    const { status, bundle } = await ask()
    expect(status).toBe(200)
    expect(bundle).toMatchObject({ resourceType: 'Bundle', type: 'searchset', total: 2 })
    expect(ids(bundle, 'match')).toEqual([MRN, `${MRN}.01A`])
    expect(ids(bundle, 'include').sort()).toEqual(['101.nurse', '101.siti', '102.doctor'])
  })

  test('is not asked for twice: references within it are no facility’s', async () => {
    hub.records.push(record('101', MRN, 'Condition', 'c', { encounter: { reference: `Encounter/${MRN}.e1` } }))
    await ask()
    expect(hub.asked.flat().filter((id) => id.startsWith(MRN))).toEqual([])
    expect(hub.asked.length).toBeLessThanOrEqual(2)
  })

  test('has versions, times, owners and addresses', async () => {
    const { bundle } = await ask()
    expect(bundle.entry?.[0]).toEqual({
      extension: [{ url: 'https://lontar.health/fhir/StructureDefinition/facility', valueString: '101' }],
      fullUrl: `${hub.url}/fhir/Patient/${MRN}`,
      resource: {
        resourceType: 'Patient',
        id: MRN,
        gender: 'female',
        meta: { source: 'urn:here', versionId: '1-abc', lastUpdated: '2026-11-22T07:41:03.120Z' },
      },
      search: { mode: 'match' },
    })
    expect(bundle.link).toEqual([{ relation: 'self', url: `${hub.url}/fhir/Patient/${MRN}/$everything` }])
  })

  test('is audited before it is released, with purpose and reason', async () => {
    await ask({ purpose: 'BTG', headers: { Reason: Buffer.from('pingsan, tanpa keluarga — IGD').toString('latin1') } })
    expect(hub.audit).toEqual([
      {
        _id: expect.stringMatching(/^node-102:[A-Za-z0-9_-]{22}$/),
        kind: 'import',
        action: 'Patient/$everything',
        at: expect.any(String),
        outcome: 'allowed',
        node: 'node-102',
        mrn: MRN,
        purpose: 'BTG',
        reason: 'pingsan, tanpa keluarga — IGD',
        overridden: 0,
      },
    ])
    expect(hub.events).toContain('used')
  })

  test.each(['gzip', 'br'])('is sent with %s where that is taken', async (encoding) => {
    hub.records.push(record('101', MRN, 'Observation', 'long', { note: [{ text: 'x'.repeat(5_000) }] }))
    const answer = await ask({ headers: { 'Accept-Encoding': encoding } })
    expect(answer.headers.get('content-encoding')).toBe(encoding)
    expect(Number(answer.headers.get('content-length'))).toBeLessThan(3_000)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(ids(answer.bundle, 'match')).toContain(`${MRN}.long`)
  })
})

describe('linked records', () => {
  beforeEach(() => {
    hub.records.push(
      record('102', VISIT, 'Patient', undefined, { link: [link(MRN)] }),
      record('102', VISIT, 'Encounter', 'e1'),
      record('103', '10300000017', 'Patient', undefined, { link: [link(VISIT)] }),
    )
  })

  const link = (mrn: string) => ({ type: 'seealso', other: { reference: `Patient/${mrn}` } })

  test.each([
    ['the first MRN, backward', MRN],
    ['the visit, both ways', VISIT],
    ['the last one, forward', '10300000017'],
  ])('come along from %s, and are audited', async (_what, mrn) => {
    const { bundle } = await ask({ mrn })
    const patients = ids(bundle, 'match').filter((id) => !id?.includes('.'))
    expect(patients.sort()).toEqual([MRN, VISIT, '10300000017'])
    expect(hub.audit[0]?.linked?.toSorted()).toEqual([MRN, VISIT, '10300000017'].filter((other) => other !== mrn))
  })

  test('stay away with _linked=false', async () => {
    const { bundle } = await ask({ query: '?_linked=false' })
    expect(ids(bundle, 'match')).toEqual([MRN, `${MRN}.01A`])
    expect(hub.audit[0]).not.toHaveProperty('linked')
  })

  test('a chain without end is cut, and the answer says so', async () => {
    for (let n = 1; n < 60; n++) {
      const links = [link(`104${String(n + 1).padStart(8, '0')}`)]
      hub.records.push(record('104', `104${String(n).padStart(8, '0')}`, 'Patient', undefined, { link: links }))
    }
    const { bundle } = await ask({ mrn: '10400000001' })
    expect(ids(bundle, 'match')).toHaveLength(21)
    const [outcome, ...more] = bundle.entry?.filter(({ search }) => search?.mode === 'outcome') ?? []
    expect(more).toEqual([])
    expect(outcome?.resource).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'warning', code: 'incomplete' }],
    })
    const whole = await ask({ mrn: VISIT })
    expect(JSON.stringify(whole.bundle)).not.toContain('incomplete')
  })
})

/** Of the right form; the key is nobody's. */
const WRONG = {
  'Purpose-Of-Use': 'TREAT',
  'Signature-Input': `sig=("@method" "@path" "@query" "date" "purpose-of-use");created=${Math.floor(Date.now() / 1000)};nonce="AAAAAAAAAAAAAAAAAAAAAA";keyid="node-102";alg="hmac-sha256";tag="lontar-import"`,
  Signature: `sig=:${Buffer.alloc(32).toString('base64')}:`,
}

describe("the paper's scheme", () => {
  const paper = (headers: Record<string, string> = {}, mrn = MRN) =>
    fetch(`${hub.url}/fhir/Patient/${mrn}/$everything`, {
      headers: {
        'Node-Name': 'node-102',
        'Node-Signature': paperSignatureOf(MRN, hub.nodePassword),
        Date: new Date().toUTCString(),
        ...headers,
      },
    }).then(answerOf)

  test('is off', async () => {
    expect(await paper()).toMatchObject({ status: 401, code: 'SIGNATURE_INVALID' })
  })

  describe('switched on for a node', () => {
    beforeEach(() => {
      hub.node = { ...hub.node, dataAccess: { status: 'accepted', paperScheme: true } }
    })

    test.each([
      ["another patient's signature", {}, '10100000059'],
      ['a wrong signature', { 'Node-Signature': '00' }, MRN],
      ['an unknown node', { 'Node-Name': 'node-103' }, MRN],
      ['what is no name', { 'Node-Name': '../hub' }, MRN],
      ['a date of another form', { Date: '2026-11-22' }, MRN],
      ['half of a signature of RFC 9421 beside it', { Signature: 'sig=:AAAA:' }, MRN],
      ['an empty Signature-Input beside it', { 'Signature-Input': '' }, MRN],
      ['a whole signature of RFC 9421 with a wrong key beside it', WRONG, MRN],
    ])('refuses %s', async (_what, headers, mrn) => {
      expect(await paper(headers, mrn)).toMatchObject({ status: 401, code: 'SIGNATURE_INVALID' })
    })

    test('does not break the glass: the purpose is not signed either', async () => {
      const answer = await paper({ 'Purpose-Of-Use': 'BTG', Reason: 'emergency' })
      expect(answer).toMatchObject({ status: 400, code: 'PURPOSE_INVALID' })
    })

    test('answers, as treatment where no purpose is said; the same again is answered again', async () => {
      expect(await paper()).toMatchObject({ status: 200 })
      expect(await paper()).toMatchObject({ status: 200 })
      expect(hub.audit).toHaveLength(2)
      expect(hub.audit[0]?._id).toMatch(/^node-102:paper:[0-9A-Z]{26}$/)
    })

    test('does not pass by a suspension', async () => {
      hub.node = { ...hub.node, state: 'suspended' }
      expect(await paper()).toMatchObject({ status: 403, code: 'NODE_SUSPENDED' })
    })
  })
})
