import { ANA, type Served, served, weight } from './served'

let edge: Served
beforeAll(async () => {
  edge = await served()
})
afterAll(async () => {
  await edge.close()
  expect(edge.faults).toEqual([])
})

async function newPatient(patient: object = ANA): Promise<string> {
  return (await edge.call('POST', '/Patient', patient)).body.id
}

describe('refusals', () => {
  const bad: [string, string, string, unknown, Record<string, string>, number, string][] = [
    ['a body that is not JSON', 'POST', '/Patient', '{"resourceType":', {}, 400, 'INVALID_JSON'],
    [
      'a body that is XML',
      'POST',
      '/Patient',
      '<Patient/>',
      { 'content-type': 'application/fhir+xml' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['an array', 'POST', '/Patient', [], {}, 400, 'INVALID_REQUEST'],
    ['an empty body', 'POST', '/Patient', '', {}, 400, 'INVALID_REQUEST'],
    ['another type than the address says', 'POST', '/Patient', weight('Patient/1', 1), {}, 400, 'INVALID_REQUEST'],
    ['a type that is not kept', 'POST', '/Binary', { resourceType: 'Binary' }, {}, 404, 'RESOURCE_TYPE_UNSUPPORTED'],
    ['reading a type that is not kept', 'GET', '/Questionnaire/1', undefined, {}, 404, 'RESOURCE_TYPE_UNSUPPORTED'],
    ['an invalid resource', 'POST', '/Patient', { ...ANA, gender: 'banana' }, {}, 422, 'RESOURCE_INVALID'],
    [
      'text with half a surrogate pair',
      'POST',
      '/Patient',
      '{"resourceType":"Patient","name":[{"family":"\\ud800"}]}',
      {},
      422,
      'RESOURCE_INVALID',
    ],
    [
      'a number that JSON gives back as null',
      'POST',
      '/Patient',
      '{"resourceType":"Patient","extension":[{"url":"urn:x","valueDecimal":1e400}]}',
      {},
      422,
      'RESOURCE_INVALID',
    ],
    ['a body that is not gzip', 'POST', '/Patient', '{}', { 'content-encoding': 'gzip' }, 400, 'INVALID_REQUEST'],
    ['a condition that asks nothing', 'POST', '/Patient', ANA, { 'if-none-exist': '_count=1' }, 400, 'INVALID_REQUEST'],
    ['an empty condition', 'POST', '/Patient', ANA, { 'if-none-exist': '' }, 400, 'INVALID_REQUEST'],
    [
      'no patient reference',
      'POST',
      '/Encounter',
      { resourceType: 'Encounter', status: 'planned', class: { code: 'AMB' } },
      {},
      422,
      'PATIENT_REFERENCE_INVALID',
    ],
    [
      'a patient who is not there',
      'POST',
      '/Observation',
      weight('Patient/10199999990', 1),
      {},
      422,
      'PATIENT_REFERENCE_INVALID',
    ],
    [
      'another reference than to a patient',
      'POST',
      '/Observation',
      weight('Group/1', 1),
      {},
      422,
      'PATIENT_REFERENCE_INVALID',
    ],
    [
      "a patient of another facility's",
      'POST',
      '/Observation',
      weight('Patient/10200000018', 1),
      {},
      403,
      'READ_ONLY_COPY',
    ],
    [
      "an update of another facility's patient",
      'PUT',
      '/Patient/10200000018',
      { ...ANA, id: '10200000018' },
      {},
      403,
      'READ_ONLY_COPY',
    ],
    ["deleting another facility's patient", 'DELETE', '/Patient/10200000018', undefined, {}, 403, 'READ_ONLY_COPY'],
    [
      'an id that is no place',
      'PUT',
      '/Observation/abc',
      { resourceType: 'Observation', id: 'abc' },
      {},
      400,
      'INVALID_REQUEST',
    ],
    ['a patient without an MRN', 'PUT', '/Patient/101', { ...ANA, id: '101' }, {}, 400, 'INVALID_REQUEST'],
    [
      "a patient's resource in the facility's partition",
      'PUT',
      '/Observation/101.a',
      { ...weight('Patient/1', 1), id: '101.a' },
      {},
      400,
      'INVALID_REQUEST',
    ],
    [
      'an id that is not the one in the address',
      'PUT',
      '/Organization/101.a',
      { resourceType: 'Organization', id: '101.b', name: 'X' },
      {},
      400,
      'INVALID_REQUEST',
    ],
    ['reading what is not there', 'GET', '/Patient/10100000018999', undefined, {}, 404, 'RESOURCE_NOT_FOUND'],
    ['a version that is none', 'GET', '/Patient/10100000018/_history/..%2F1', undefined, {}, 404, 'RESOURCE_NOT_FOUND'],
    ['a method that is not served', 'PATCH', '/Patient/10100000018', {}, {}, 405, 'METHOD_NOT_ALLOWED'],
    ['an address that is not served', 'GET', '/Patient/1/2/3/4', undefined, {}, 404, 'NOT_FOUND'],
    ['an unknown parameter', 'GET', '/Patient?shoe-size=42', undefined, {}, 400, 'SEARCH_PARAMETER_UNSUPPORTED'],
    ['a modifier', 'GET', '/Patient?name:exact=Ana', undefined, {}, 400, 'SEARCH_PARAMETER_UNSUPPORTED'],
    [
      "a patient's type without its patient",
      'GET',
      '/Observation?code=1',
      undefined,
      {},
      400,
      'SEARCH_PARAMETER_UNSUPPORTED',
    ],
    [
      'two patients',
      'GET',
      '/Observation?patient=10100000018,10100000026',
      undefined,
      {},
      400,
      'SEARCH_PARAMETER_UNSUPPORTED',
    ],
    [
      'a date parameter that FHIR does not define',
      'GET',
      '/Goal?patient=10100000018&date=2026',
      undefined,
      {},
      400,
      'SEARCH_PARAMETER_UNSUPPORTED',
    ],
    ['a date that is none', 'GET', '/Patient?birthdate=soon', undefined, {}, 400, 'INVALID_REQUEST'],
    ['an empty parameter', 'GET', '/Patient?name=', undefined, {}, 400, 'INVALID_REQUEST'],
    ['_count=0', 'GET', '/Patient?_count=0', undefined, {}, 400, 'INVALID_REQUEST'],
    ['a cursor that is none', 'GET', '/Patient?_cursor=xyz', undefined, {}, 400, 'INVALID_REQUEST'],
    ['a path that is not UTF-8', 'GET', '/Patient/%ff', undefined, {}, 400, 'INVALID_REQUEST'],
    [
      'If-Match that is none',
      'PUT',
      '/Organization/101.z',
      { resourceType: 'Organization', id: '101.z', name: 'X' },
      { 'if-match': 'yes' },
      400,
      'INVALID_REQUEST',
    ],
  ]
  test.each(bad)('%s', async (_what, method, path, body, headers, status, code) => {
    const answer = await edge.call(method, path, body, headers)
    expect([answer.status, answer.codes]).toEqual([status, [code]])
    expect(answer.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8')
  })

  test('a method that is not served is told which are', async () => {
    const { status, headers } = await edge.call('PATCH', '/Patient/10100000018', {})
    expect([status, headers.get('allow')]).toEqual([405, 'GET, PUT, DELETE'])
  })

  test('an invalid element is named, its value is not', async () => {
    const { body } = await edge.call('POST', '/Patient', { ...ANA, gender: 'banana', birthDate: '1980-13-45' })
    const expressions = body.issue.map((issue: { expression: string[] }) => issue.expression[0]).sort()
    expect(expressions).toEqual(['Patient.birthDate', 'Patient.gender'])
    expect(JSON.stringify(body)).not.toMatch(/banana|1980-13|Wijaya/)
  })

  test('a body over 20 MB, and one nested too deep', async () => {
    const big = await edge.call('POST', '/Patient', `{"a":"${'x'.repeat(20 * 1024 * 1024)}"}`)
    expect([big.status, big.codes]).toEqual([413, ['BODY_TOO_LARGE']])
    const deep = `{"resourceType":"Patient","extension":${'['.repeat(200_000)}${']'.repeat(200_000)}}`
    expect((await edge.call('POST', '/Patient', deep)).codes).toEqual(['INVALID_REQUEST'])
    const bundle = `{"resourceType":"Bundle","type":"batch","entry":${'[{"resource":'.repeat(50_000)}1${'}]'.repeat(50_000)}}`
    expect((await edge.call('POST', '', bundle)).codes).toEqual(['INVALID_REQUEST'])
  })
})

describe('a patient', () => {
  test('gets an MRN, whatever id the client sent', async () => {
    const answer = await edge.call('POST', '/Patient', {
      ...ANA,
      id: 'mine',
      meta: { versionId: '7', lastUpdated: '2020-01-01T00:00:00Z' },
    })
    expect(answer.status).toBe(201)
    expect(answer.body.id).toMatch(/^101[0-9]{8}$/)
    expect(answer.headers.get('etag')).toBe(`W/"${answer.body.meta.versionId}"`)
    expect(answer.headers.get('location')).toBe(
      `${edge.url}/Patient/${answer.body.id}/_history/${answer.body.meta.versionId}`,
    )
    expect(answer.headers.get('last-modified')).toBe(new Date(answer.body.meta.lastUpdated).toUTCString())
    expect((await edge.call('GET', `/Patient/${answer.body.id}`)).body).toEqual(answer.body)
    const stored = await edge.store.get(`${answer.body.id}:Patient`)
    expect(stored).toMatchObject({ document: { mrn: answer.body.id, facility: '101', type: 'Patient' } })
    expect(stored.kind === 'present' && stored.document.resource.meta).toBeUndefined()
  })

  test('Prefer: return=minimal answers the headers alone', async () => {
    const answer = await edge.call('POST', '/Patient', ANA, { prefer: 'return=minimal' })
    expect([answer.status, answer.body]).toEqual([201, undefined])
    expect(answer.headers.get('location')).toContain('/Patient/101')
  })

  test('with records is not deleted; without them it is gone, and its MRN is not given again', async () => {
    const mrn = await newPatient()
    const { body: observation } = await edge.call('POST', '/Observation', weight(`Patient/${mrn}`, 60))
    expect((await edge.call('DELETE', `/Patient/${mrn}`)).codes).toEqual(['PATIENT_HAS_RECORDS'])
    expect((await edge.call('DELETE', `/Observation/${observation.id}`)).status).toBe(204)
    expect((await edge.call('DELETE', `/Patient/${mrn}`)).status).toBe(204)
    expect((await edge.call('DELETE', `/Patient/${mrn}`)).status).toBe(204)
    expect((await edge.call('GET', `/Patient/${mrn}`)).codes).toEqual(['RESOURCE_DELETED'])
    expect((await edge.call('GET', `/Patient/${mrn}`)).status).toBe(410)
    expect((await edge.call('POST', '/Observation', weight(`Patient/${mrn}`, 60))).codes).toEqual([
      'PATIENT_REFERENCE_INVALID',
    ])
    expect(await newPatient()).not.toBe(mrn)
  })

  test('an MRN of an older system comes in by PUT, and is passed over by the counter', async () => {
    const next = await newPatient()
    const taken = (await edge.counter.mint(1))[0] ?? ''
    const answer = await edge.call('PUT', `/Patient/${taken}`, { ...ANA, id: taken })
    expect(answer.status).toBe(201)
    const old = await edge.call('PUT', '/Patient/1010000123', { ...ANA, id: '1010000123' })
    expect(old.status).toBe(201)
    expect([next, taken, '1010000123']).not.toContain(await newPatient())
  })
})

describe('a version', () => {
  test('If-Match with an old one is refused, with the newest it writes', async () => {
    const mrn = await newPatient()
    const first = await edge.call('GET', `/Patient/${mrn}`)
    const etag = first.headers.get('etag') ?? ''
    const change = (family: string, ifMatch: string) =>
      edge.call('PUT', `/Patient/${mrn}`, { ...ANA, id: mrn, name: [{ family }] }, { 'if-match': ifMatch })
    expect((await change('Second', etag)).status).toBe(200)
    const stale = await change('Third', etag)
    expect([stale.status, stale.codes]).toEqual([412, ['VERSION_CONFLICT']])
    expect((await edge.call('DELETE', `/Patient/${mrn}`, undefined, { 'if-match': etag })).codes).toEqual([
      'VERSION_CONFLICT',
    ])
    const old = await edge.call('GET', `/Patient/${mrn}/_history/${first.body.meta.versionId}`)
    expect(old.body).toEqual(first.body)
    expect((await edge.call('GET', `/Patient/${mrn}`)).body.name[0].family).toBe('Second')
  })

  test('of several updates at the same moment each either wins or hears that it lost', async () => {
    const mrn = await newPatient()
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        edge.call('PUT', `/Patient/${mrn}`, { ...ANA, id: mrn, name: [{ family: `N${index}` }] }),
      ),
    )
    const won = answers.filter(({ status }) => status === 200)
    const lost = answers.filter(({ status }) => status === 409)
    expect(won.length).toBeGreaterThan(0)
    expect(won.length + lost.length).toBe(8)
    for (const { codes } of lost) expect(codes).toEqual(['EDIT_CONFLICT'])
    const { body } = await edge.call('GET', `/Patient/${mrn}`)
    expect(Number(body.meta.versionId.split('-')[0])).toBe(won.length + 1)
  })

  test('If-Match on something that is not there is refused', async () => {
    const organization = { resourceType: 'Organization', id: '101.nobody', name: 'X' }
    const answer = await edge.call('PUT', '/Organization/101.nobody', organization, {
      'if-match': `W/"1-${'0'.repeat(32)}"`,
    })
    expect(answer.codes).toEqual(['VERSION_CONFLICT'])
  })
})

describe('other resources', () => {
  test("a patient's stands in the patient's partition, the facility's in its own", async () => {
    const mrn = await newPatient()
    const { body: observation } = await edge.call('POST', '/Observation', weight(`Patient/${mrn}`, 61))
    expect(observation.id).toMatch(new RegExp(`^${mrn}\\.[0-9A-HJKMNP-TV-Z]{26}$`))
    const { body: organization } = await edge.call('POST', '/Organization', {
      resourceType: 'Organization',
      name: 'Puskesmas',
    })
    expect(organization.id).toMatch(/^101\.[0-9A-HJKMNP-TV-Z]{26}$/)
    expect((await edge.store.get(`101:Organization:${organization.id.slice(4)}`)).kind).toBe('present')
  })

  test('are created by PUT under an id of the facility, and never moved to another patient', async () => {
    const [one, other] = [await newPatient(), await newPatient()]
    const id = `${one}.my-id`
    expect((await edge.call('PUT', `/Observation/${id}`, { ...weight(`Patient/${one}`, 62), id })).status).toBe(201)
    expect((await edge.call('PUT', `/Observation/${id}`, { ...weight(`Patient/${one}`, 63), id })).status).toBe(200)
    const moved = await edge.call('PUT', `/Observation/${id}`, { ...weight(`Patient/${other}`, 63), id })
    expect([moved.status, moved.codes]).toEqual([422, ['PATIENT_REFERENCE_INVALID']])
    expect(moved.body.issue[0].expression).toEqual(['Observation.subject'])
  })

  test('are created only once for a condition', async () => {
    const organization = { resourceType: 'Organization', name: 'Lab', identifier: [{ system: 'urn:lab', value: 'L1' }] }
    const condition = { 'if-none-exist': 'identifier=urn:lab|L1' }
    const first = await edge.call('POST', '/Organization', organization, condition)
    const again = await edge.call('POST', '/Organization', organization, condition)
    expect([first.status, again.status, again.body.id]).toEqual([201, 200, first.body.id])
    await edge.call('POST', '/Organization', organization)
    expect((await edge.call('POST', '/Organization', organization, condition)).codes).toEqual(['MULTIPLE_MATCHES'])
  })
})
