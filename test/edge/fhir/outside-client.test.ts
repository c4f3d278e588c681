import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  FACILITY_TYPES,
  isAcceptedType,
  PATIENT_BOUND_TYPES,
  searchElementsOf,
} from '../../../schemas/fhir/resource-types'
import { ANA, type Served, served } from './served'

let edge: Served
beforeAll(async () => {
  edge = await served()
})
afterAll(async () => {
  await edge.close()
  expect(edge.faults).toEqual([])
})

test("somebody else's FHIR client creates, reads, searches, updates and deletes", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(__dirname, 'outside-client.mjs'),
    edge.url,
    JSON.stringify(ANA),
  ])
  expect(JSON.parse(stdout)).toEqual({
    types: [...PATIENT_BOUND_TYPES, ...FACILITY_TYPES].sort(),
    read: true,
    vread: true,
    pages: [2, 1],
    byName: 1,
    updated: 'Changed',
    stale: 412,
    invalid: ['Patient.gender'],
    everything: 4,
    deleted: Array(4).fill('204 No Content'),
    gone: 410,
  })
})

test('the capability statement tells the truth: each parameter it lists is served', async () => {
  const { body, headers } = await edge.call('GET', '/metadata')
  expect(headers.get('content-type')).toBe('application/fhir+json; charset=utf-8')
  expect(body).toMatchObject({ resourceType: 'CapabilityStatement', fhirVersion: '4.0.1', kind: 'instance' })
  const values: Record<string, string> = { date: 'ge2020', birthdate: '2020' }
  for (const { type, searchParam } of body.rest[0].resource) {
    const scope = isAcceptedType(type) && searchElementsOf(type).patient.length > 0 ? 'patient=10100000018&' : ''
    for (const { name } of searchParam) {
      const value = name === 'patient' || name === 'subject' ? '10100000018' : (values[name] ?? 'x')
      const answer = await edge.call('GET', `/${type}?${scope}${name}=${value}`)
      expect([type, name, answer.status]).toEqual([type, name, 200])
    }
  }
})
