import { Bundle as isBundle } from '../../../schemas/generated/fhir-validators'
import { ANA, type Served, served, weight } from './served'

let edge: Served
let ana: string
beforeAll(async () => {
  edge = await served()
  ana = (await edge.call('POST', '/Patient', ANA)).body.id
})
afterAll(() => edge.close())

async function weighed(...kilograms: number[]): Promise<string> {
  const [first = 0, ...others] = kilograms
  const { body } = await edge.call('POST', '/Observation', weight(`Patient/${ana}`, first))
  for (const value of others)
    await edge.call('PUT', `/Observation/${body.id}`, { ...weight(`Patient/${ana}`, value), id: body.id })
  return `/Observation/${body.id}`
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered
const told = (body: any) =>
  body.entry.map(
    // biome-ignore lint/suspicious/noExplicitAny: as above
    ({ resource, request, response }: any) => [request.method, response.status, resource?.valueQuantity.value],
  )

test.each([
  ['a resource that never was', '/Observation/10100000001.nothing/_history', 404, 'RESOURCE_NOT_FOUND'],
  ['an id that is none', '/Observation/x/_history', 404, 'RESOURCE_NOT_FOUND'],
  ['a type that is not kept', '/Nothing/x/_history', 404, 'RESOURCE_TYPE_UNSUPPORTED'],
])('refuses %s', async (_what, path, status, code) => {
  expect(await edge.call('GET', path)).toMatchObject({ status, codes: [code] })
})

test('refuses a parameter that is not served', async () => {
  const path = await weighed(50)
  expect((await edge.call('GET', `${path}/_history?_since=2020`)).codes).toEqual(['SEARCH_PARAMETER_UNSUPPORTED'])
})

test('has every version, newest first, and is valid FHIR', async () => {
  const { status, body } = await edge.call('GET', `${await weighed(50, 51, 52)}/_history`)
  expect([status, body.total, told(body)]).toEqual([
    200,
    3,
    [
      ['PUT', '200', 52],
      ['PUT', '200', 51],
      ['PUT', '201', 50],
    ],
  ])
  expect(isBundle(body)).toBe(true)
})

test('has the deletion of what was deleted', async () => {
  const path = await weighed(50)
  await edge.call('DELETE', path)
  expect(told((await edge.call('GET', `${path}/_history`)).body)).toEqual([
    ['DELETE', '204', undefined],
    ['PUT', '201', 50],
  ])
})

test('is paged', async () => {
  const path = await weighed(50, 51, 52)
  const first = (await edge.call('GET', `${path}/_history?_count=2`)).body
  expect(told(first).length).toBe(2)
  const second = (await edge.call('GET', first.link[1].url)).body
  expect([told(second), second.link.length]).toEqual([[['PUT', '201', 50]], 1])
})

test('says of a version that was compacted that it was, and no more', async () => {
  const path = await weighed(50, 51)
  await edge.store.database.compact()
  const { body } = await edge.call('GET', `${path}/_history`)
  expect(told(body)).toEqual([
    ['PUT', '200', 51],
    ['PUT', '410', undefined],
  ])
  expect(body.entry[1].response.outcome.issue[0].diagnostics).toContain('compacted')
  expect(isBundle(body)).toBe(true)
})
