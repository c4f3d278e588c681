import { mrnOf } from '../../../protocol/mrn'
import { type RunningEdge, startEdge } from '../../support/edge'

let edge: RunningEdge
beforeAll(async () => {
  edge = await startEdge('101', 'http://127.0.0.1:9')
})
afterAll(() => edge.remove())

const register = (name: string, more: object = {}) =>
  edge.ask('/fhir/Patient', {
    method: 'POST',
    body: { resourceType: 'Patient', name: [{ text: name }], ...more },
    headers: { 'content-type': 'application/fhir+json' },
  })
const duplicates = (body: unknown) => edge.ask('/app/duplicates', { method: 'POST', body })

test.each(['limit=0', 'limit=101', 'limit=x', 'cursor=x', 'name=sri', 'text=a&text=b', `text=${'a'.repeat(201)}`])(
  'refuses ?%s',
  async (query) => {
    const { status, body } = await edge.ask(`/app/patients?${query}`)
    expect([status, body]).toMatchObject([400, { error: 'INVALID_REQUEST' }])
  },
)

test.each([{}, { name: '' }, { name: 'Sri', born: '1980' }, { name: 'Sri', birthDate: '12-5-1980' }])(
  'refuses to look for duplicates of %j',
  async (body) => {
    expect(await duplicates(body)).toMatchObject({ status: 400, body: { error: 'INVALID_REQUEST' } })
  },
)

test('who was registered is found at once, in pages, and as a duplicate', async () => {
  expect((await edge.ask('/app/patients')).body).toEqual({ patients: [] })
  const more = { birthDate: '1980-05-12', gender: 'female', telecom: [{ system: 'phone', value: '0812 3456 78' }] }
  expect((await register('Soelastri', more)).status).toBe(201)
  const mrn = mrnOf('101', 1)
  expect((await edge.ask('/app/patients?text=sulas')).body).toMatchObject({ patients: [{ mrn, sex: 'female' }] })
  expect((await duplicates({ name: 'Sulastri', birthDate: '1980-05-12' })).body).toMatchObject({
    candidates: [{ patient: { mrn }, likelihood: 'likely', matched: ['nameAlike', 'birthDate'] }],
  })
  await register('Sulastri Dewi')
  const first = (await edge.ask('/app/patients?text=sul&limit=1')).body as { patients: unknown[]; next: string }
  expect(first.patients).toMatchObject([{ name: 'Sulastri Dewi' }])
  const second = await edge.ask(`/app/patients?text=sul&limit=1&cursor=${first.next}`)
  expect(second.body).toMatchObject({ patients: [{ mrn }] })
  expect(second.body).not.toHaveProperty('next')
})

test('no browser keeps what it has read: a record is what it is now', async () => {
  for (const path of ['/app/patients', `/fhir/Patient/${mrnOf('101', 1)}`])
    expect((await edge.ask(path)).headers.get('cache-control')).toBe('no-store')
})

test('it is found also by an edge that was killed and started again', async () => {
  await register('Yohanes Darut')
  await edge.kill()
  await edge.start()
  expect((await edge.ask('/app/patients?text=johanes')).body).toMatchObject({ patients: [{ name: 'Yohanes Darut' }] })
})
