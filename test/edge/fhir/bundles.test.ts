import { ANA, type Answer, type Served, served, weight } from './served'

let edge: Served
beforeAll(async () => {
  edge = await served()
})
afterAll(async () => {
  await edge.close()
  expect(edge.faults).toEqual([])
})

const post = (fullUrl: string, resource: object, more: object = {}) => ({
  fullUrl,
  resource,
  request: { method: 'POST', url: (resource as { resourceType: string }).resourceType, ...more },
})
const request = (method: string, url: string, more: object = {}) => ({ request: { method, url, ...more } })
const send = (type: string, entry: object[], headers?: Record<string, string>) =>
  edge.call('POST', '', { resourceType: 'Bundle', type, entry }, headers)
const statuses = ({ body }: Answer) =>
  body.entry.map((entry: { response: { status: string } }) => entry.response.status)
const codes = ({ body }: Answer) =>
  body.entry.map(
    (entry: { response: { outcome?: { issue: { details: { coding: { code: string }[] } }[] } } }) =>
      entry.response.outcome?.issue[0]?.details.coding[0]?.code,
  )

const encounter = (patient: string, id?: string) => ({
  resourceType: 'Encounter',
  ...(id ? { id } : {}),
  status: 'finished',
  class: { code: 'AMB' },
  subject: { reference: patient },
})

async function documentCount(): Promise<number> {
  return (await edge.store.database.info()).doc_count
}

describe('a transaction is refused whole', () => {
  const bad: [string, object[], string, string][] = [
    [
      'an invalid resource',
      [post('urn:uuid:1', ANA), post('urn:uuid:2', { ...ANA, gender: 'banana' })],
      'RESOURCE_INVALID',
      'Bundle.entry[1].resource.gender',
    ],
    [
      'two entries with one fullUrl',
      [post('urn:uuid:1', ANA), post('urn:uuid:1', ANA), post('urn:uuid:2', weight('urn:uuid:1', 1))],
      'INVALID_REQUEST',
      'Bundle.entry[1]',
    ],
    [
      'two entries that go by one relative reference',
      [post('http://a/Patient/7', ANA), post('http://b/Patient/7', ANA), post('urn:uuid:2', weight('Patient/7', 1))],
      'INVALID_REQUEST',
      'Bundle.entry[1]',
    ],
    [
      'a conditional reference that asks nothing',
      [post('urn:uuid:1', { ...ANA, generalPractitioner: [{ reference: 'Practitioner?_count=1' }] })],
      'INVALID_REQUEST',
      'Bundle.entry[0]',
    ],
    [
      'a patient reference that leads nowhere',
      [post('urn:uuid:1', ANA), post('urn:uuid:2', weight('urn:uuid:3', 1))],
      'PATIENT_REFERENCE_INVALID',
      'Bundle.entry[1].resource.subject',
    ],
    [
      'another reference that leads nowhere',
      [
        post('urn:uuid:1', ANA),
        post('urn:uuid:2', { ...weight('urn:uuid:1', 1), encounter: { reference: 'urn:uuid:9' } }),
      ],
      'INVALID_REQUEST',
      'Bundle.entry[1].resource',
    ],
    [
      'a conditional reference that finds nothing',
      [
        post('urn:uuid:1', ANA),
        post('urn:uuid:2', { ...weight('urn:uuid:1', 1), performer: [{ reference: 'Practitioner?identifier=a|b' }] }),
      ],
      'INVALID_REQUEST',
      'Bundle.entry[1]',
    ],
    [
      "another facility's patient",
      [post('urn:uuid:1', ANA), request('DELETE', 'Patient/10200000018')],
      'READ_ONLY_COPY',
      'Bundle.entry[1]',
    ],
    [
      'a resource that is not there',
      [post('urn:uuid:1', ANA), request('DELETE', 'Organization/101.x')],
      'RESOURCE_NOT_FOUND',
      'Bundle.entry[1]',
    ],
    [
      'a method that is not served',
      [post('urn:uuid:1', ANA), request('PATCH', 'Patient/1')],
      'METHOD_NOT_ALLOWED',
      'Bundle.entry[1]',
    ],
    ['an entry without a request', [post('urn:uuid:1', ANA), { resource: ANA }], 'INVALID_REQUEST', 'Bundle.entry[1]'],
    [
      'one resource changed twice',
      ['A', 'B'].map((name) => ({
        resource: { resourceType: 'Organization', id: '101.a', name },
        ...request('PUT', 'Organization/101.a'),
      })),
      'INVALID_REQUEST',
      'Bundle.entry[1]',
    ],
    [
      'an old version',
      [
        post('urn:uuid:1', ANA),
        {
          resource: { resourceType: 'Organization', id: '101.a', name: 'X' },
          ...request('PUT', 'Organization/101.a', { ifMatch: `W/"1-${'0'.repeat(32)}"` }),
        },
      ],
      'VERSION_CONFLICT',
      'Bundle.entry[1]',
    ],
  ]
  test.each(bad)('%s', async (_what, entry, code, expression) => {
    const before = await documentCount()
    const answer = await send('transaction', entry)
    expect(answer.codes).toEqual([code])
    expect(answer.body.issue[0].expression).toEqual([expression])
    expect(await documentCount()).toBe(before)
  })

  test('a collection, more than 5,000 entries, and what is no bundle', async () => {
    expect((await send('collection', [])).codes).toEqual(['INVALID_REQUEST'])
    expect((await send('transaction', Array(5_001).fill(request('GET', 'metadata')))).codes).toEqual(['BODY_TOO_LARGE'])
    expect((await edge.call('POST', '', { resourceType: 'Bundle', type: 'transaction', entry: 7 })).codes).toEqual([
      'INVALID_REQUEST',
    ])
    expect((await edge.call('POST', '', ANA)).codes).toEqual(['INVALID_REQUEST'])
  })
})

test('references between entries are rewritten, in whatever order they stand', async () => {
  const entry = [
    post('urn:uuid:o', {
      ...weight('urn:uuid:p', 70),
      encounter: { reference: 'urn:uuid:e' },
      performer: [{ reference: 'urn:uuid:org' }],
    }),
    post('urn:uuid:e', encounter('urn:uuid:p')),
    post('urn:uuid:org', { resourceType: 'Organization', name: 'Lab' }),
    post('http://old.example/fhir/Patient/7', { ...ANA, id: '7' }),
    post('urn:uuid:p', { ...ANA, link: [{ type: 'seealso', other: { reference: 'Patient/7' } }] }),
    request('GET', 'metadata'),
  ]
  const answer = await send('transaction', entry, { prefer: 'return=representation' })
  expect(statuses(answer)).toEqual([...Array(5).fill('201 Created'), '200 OK'])
  const [observation, visit, organization, linked, patient] = answer.body.entry.map(
    (one: { resource: object }) => one.resource,
  )
  expect(observation).toMatchObject({
    subject: { reference: `Patient/${patient.id}` },
    encounter: { reference: `Encounter/${visit.id}` },
    performer: [{ reference: `Organization/${organization.id}` }],
  })
  expect(observation.id.startsWith(`${patient.id}.`)).toBe(true)
  expect(patient.link[0].other.reference).toBe(`Patient/${linked.id}`)
  expect((await edge.call('GET', `/Observation/${observation.id}`)).body).toEqual(observation)
})

test('a transaction deletes a patient together with the record, and not without', async () => {
  const { body } = await send('transaction', [post('urn:uuid:p', ANA), post('urn:uuid:o', weight('urn:uuid:p', 1))])
  const [patient, observation] = body.entry.map((one: { fullUrl: string }) => one.fullUrl.split('/fhir/')[1])
  expect((await send('transaction', [request('DELETE', patient)])).codes).toEqual(['PATIENT_HAS_RECORDS'])
  const moved = await send('transaction', [
    request('DELETE', patient),
    request('DELETE', observation),
    post('urn:uuid:n', weight(patient, 2)),
  ])
  expect(moved.codes).toEqual(['PATIENT_HAS_RECORDS'])
  expect(statuses(await send('transaction', [request('DELETE', patient), request('DELETE', observation)]))).toEqual([
    '204 No Content',
    '204 No Content',
  ])
})

test('ifNoneExist finds what is there, and others refer to it', async () => {
  const lab = { resourceType: 'Organization', name: 'Lab', identifier: [{ system: 'urn:lab', value: 'T1' }] }
  const { body: first } = await edge.call('POST', '/Organization', lab)
  const answer = await send(
    'transaction',
    [
      post('urn:uuid:l', lab, { ifNoneExist: 'identifier=urn:lab|T1' }),
      post('urn:uuid:p', ANA),
      post('urn:uuid:e', { ...encounter('urn:uuid:p'), serviceProvider: { reference: 'urn:uuid:l' } }),
      post('urn:uuid:f', {
        ...encounter('urn:uuid:p'),
        serviceProvider: { reference: 'Organization?identifier=urn:lab|T1' },
      }),
    ],
    { prefer: 'return=representation' },
  )
  expect(statuses(answer)).toEqual(['200 OK', '201 Created', '201 Created', '201 Created'])
  for (const index of [2, 3])
    expect(answer.body.entry[index].resource.serviceProvider.reference).toBe(`Organization/${first.id}`)
  const twice = [1, 2].map((n) => post(`urn:uuid:${n}`, lab, { ifNoneExist: 'identifier=urn:lab|T2' }))
  expect((await send('transaction', twice)).codes).toEqual(['INVALID_REQUEST'])
})

test('in a batch each entry stands for itself, and comes after what it refers to', async () => {
  const answer = await send('batch', [
    post('urn:uuid:o', { ...weight('urn:uuid:p', 70), encounter: { reference: 'urn:uuid:e' } }),
    post('urn:uuid:bad', { ...ANA, gender: 'banana' }),
    post('urn:uuid:e', encounter('urn:uuid:p')),
    post('urn:uuid:x', weight('urn:uuid:bad', 1)),
    post('urn:uuid:p', ANA),
    post('urn:uuid:ring1', { ...encounter('urn:uuid:p'), partOf: { reference: 'urn:uuid:ring2' } }),
    post('urn:uuid:ring2', { ...encounter('urn:uuid:p'), partOf: { reference: 'urn:uuid:ring1' } }),
    request('GET', 'Patient?name=wijaya&_count=1'),
    request('GET', 'Patient/10100009999'),
    request('DELETE', 'Patient/10200000018'),
  ])
  expect(answer.status).toBe(200)
  expect(codes(answer)).toEqual([
    undefined,
    'RESOURCE_INVALID',
    undefined,
    'PATIENT_REFERENCE_INVALID',
    undefined,
    'INVALID_REQUEST',
    'INVALID_REQUEST',
    undefined,
    'RESOURCE_NOT_FOUND',
    'READ_ONLY_COPY',
  ])
  expect(statuses(answer)[0]).toBe('201 Created')
  expect(answer.body.entry[7].resource).toMatchObject({ resourceType: 'Bundle', type: 'searchset' })
  const { body: observation } = await edge.call('GET', answer.body.entry[0].fullUrl)
  expect(observation.encounter.reference).toBe(answer.body.entry[2].fullUrl.split('/fhir/')[1])
})

test('empty bundles are answered', async () => {
  expect((await send('transaction', [])).body).toEqual({ resourceType: 'Bundle', type: 'transaction-response' })
  expect((await edge.call('POST', '', { resourceType: 'Bundle', type: 'batch' })).status).toBe(200)
})
