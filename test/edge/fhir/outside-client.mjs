// A FHIR client of somebody else, in a process of its own: it is an ES module only, which Jest here does not load.
import { Client } from 'fhir-kit-client'

const client = new Client({ baseUrl: process.argv[2] })
const said = {}

const statement = await client.capabilityStatement()
said.types = statement.rest[0].resource.map(({ type }) => type)

const patient = await client.create({ resourceType: 'Patient', body: JSON.parse(process.argv[3]) })
const patientId = patient.id
const observation = (value) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '29463-7' }] },
  subject: { reference: `Patient/${patientId}` },
  valueQuantity: { value },
})
for (const value of [1, 2, 3]) await client.create({ resourceType: 'Observation', body: observation(value) })
said.read = (await client.read({ resourceType: 'Patient', id: patientId })).id === patientId
const version = patient.meta.versionId
said.vread = (await client.vread({ resourceType: 'Patient', id: patientId, version })).meta.versionId === version

const found = []
let page = await client.search({ resourceType: 'Observation', searchParams: { patient: patientId, _count: 2 } })
while (page) {
  found.push(page.entry.length)
  page = await client.nextPage({ bundle: page })
}
said.pages = found
said.byName = (
  await client.search({ resourceType: 'Patient', searchParams: { name: 'wijaya' }, options: { postSearch: true } })
).entry.length

const changed = { ...patient, name: [{ family: 'Changed' }] }
const updated = await client.update({ resourceType: 'Patient', id: patientId, body: changed })
said.updated = updated.name[0].family
said.stale = await client
  .update({
    resourceType: 'Patient',
    id: patientId,
    body: changed,
    options: { headers: { 'If-Match': `W/"${version}"` } },
  })
  .catch((error) => error.response.status)
said.invalid = await client
  .create({ resourceType: 'Patient', body: { resourceType: 'Patient', gender: 'banana' } })
  .catch((error) => error.response.data.issue[0].expression)

const everything = await client.operation({
  name: '$everything',
  resourceType: 'Patient',
  id: patientId,
  method: 'GET',
})
said.everything = everything.entry.length
const answer = await client.transaction({
  body: {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: everything.entry.map(({ resource }) => ({
      request: { method: 'DELETE', url: `${resource.resourceType}/${resource.id}` },
    })),
  },
})
said.deleted = answer.entry.map(({ response }) => response.status)
said.gone = await client.read({ resourceType: 'Patient', id: patientId }).catch((error) => error.response.status)
process.stdout.write(JSON.stringify(said))
