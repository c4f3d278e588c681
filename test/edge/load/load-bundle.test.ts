import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { withReferences } from '../../../edge/fhir/elements'
import { resourceOf } from '../../../edge/fhir/resource-form'
import { loadBundle } from '../../../edge/load/load-bundle'
import { newFolder, type Opened, opened, remove } from '../store/opened'
import { bundleIn, loadTools, syntheaFiles } from './loading'

let edge: Opened
beforeEach(async () => {
  edge = await opened(newFolder())
})
afterEach(async () => {
  await edge.close()
  remove(edge.folder)
})

const load = (bundle: unknown) => loadBundle(bundle, loadTools(edge))
const collection = (...resources: object[]) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ resource })),
})
const ana = { resourceType: 'Patient', id: 'p1', name: [{ family: 'Wijaya' }], birthDate: '1980-05-12' }
const visit = {
  resourceType: 'Encounter',
  id: 'e1',
  status: 'finished',
  class: { code: 'AMB' },
  subject: { reference: 'Patient/p1' },
  serviceProvider: { reference: 'Organization/o1' },
}
const clinic = { resourceType: 'Organization', id: 'o1', name: 'Klinik', identifier: [{ system: 'urn:k', value: '7' }] }

async function documentCount(): Promise<number> {
  return (await edge.store.database.info()).doc_count
}

describe('refuses, and writes nothing', () => {
  const bad: [string, unknown, string, string | undefined][] = [
    ['what is no bundle', ana, 'INVALID_REQUEST', undefined],
    ['null', null, 'INVALID_REQUEST', undefined],
    [
      'an entry without a resource',
      { resourceType: 'Bundle', type: 'transaction', entry: [{ fullUrl: 'urn:uuid:1' }] },
      'INVALID_REQUEST',
      'Bundle.entry[0]',
    ],
    [
      'an invalid resource among good ones',
      collection(ana, clinic, { ...visit, status: 'over' }),
      'RESOURCE_INVALID',
      'Bundle.entry[2].resource.status',
    ],
    [
      'a type that is not kept',
      collection(ana, { resourceType: 'Questionnaire', id: 'q', status: 'draft' }),
      'RESOURCE_TYPE_UNSUPPORTED',
      'Bundle.entry[1]',
    ],
    [
      'two patients under one fullUrl',
      {
        resourceType: 'Bundle',
        type: 'collection',
        entry: [
          { fullUrl: 'urn:uuid:1', resource: ana },
          { fullUrl: 'urn:uuid:1', resource: { ...ana, id: 'other' } },
        ],
      },
      'INVALID_REQUEST',
      'Bundle.entry[1]',
    ],
    [
      'a resource without an id',
      collection({ ...ana, id: undefined }),
      'RESOURCE_INVALID',
      'Bundle.entry[0].resource.id',
    ],
    [
      'a patient who is not in it',
      collection(visit, clinic),
      'PATIENT_REFERENCE_INVALID',
      'Bundle.entry[0].resource.subject',
    ],
    [
      'a reference to no entry',
      collection(ana, { ...visit, serviceProvider: { reference: 'urn:uuid:none' } }),
      'INVALID_REQUEST',
      'Bundle.entry[1].resource',
    ],
    [
      'a conditional reference that finds nothing',
      collection(ana, { ...visit, serviceProvider: { reference: 'Organization?identifier=urn:k|9' } }),
      'INVALID_REQUEST',
      'Bundle.entry[1].resource',
    ],
    [
      'one id twice with different content',
      collection(ana, clinic, { ...clinic, name: 'Other' }),
      'INVALID_REQUEST',
      'Bundle.entry[2].resource.id',
    ],
  ]
  test.each(bad)('%s', async (_what, bundle, code, expression) => {
    const error = await load(bundle).catch((failure) => failure)
    if (error.name !== 'SchemaError') expect(error).toMatchObject({ code })
    if (expression !== undefined) expect(error.problems[0].expression).toBe(expression)
    expect(await documentCount()).toBe(0)
  })

  test('another person under an id that was loaded before', async () => {
    await load(collection(ana))
    const budi = { ...ana, name: [{ family: 'Santoso' }], birthDate: '1971-01-01' }
    await expect(load(collection(budi, visit, clinic))).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
    expect(await documentCount()).toBe(1)
  })
})

test('keeps the ids that came as <local>, and rewrites references', async () => {
  expect(await load(collection(visit, clinic, ana))).toEqual({
    patients: { created: 1, unchanged: 0 },
    resources: { created: 3, unchanged: 0 },
  })
  const mrn = await edge.index.mrnOfSource('Patient/p1')
  const [encounter] = await edge.store.read({ partition: mrn ?? '', type: 'Encounter' })
  expect(encounter).toMatchObject({
    _id: `${mrn}:Encounter:e1`,
    mrn,
    facility: '101',
    resource: {
      id: `${mrn}.e1`,
      subject: { reference: `Patient/${mrn}` },
      serviceProvider: { reference: 'Organization/101.o1' },
    },
  })
  expect(await edge.store.get(`${mrn}:Patient`)).toMatchObject({ document: { sourceId: 'Patient/p1' } })
})

test('creates what is missing, and leaves what is there, was changed here, or was deleted here', async () => {
  await load(collection(ana, visit, clinic))
  const mrn = (await edge.index.mrnOfSource('Patient/p1')) ?? ''
  const found = await edge.store.get(`${mrn}:Encounter:e1`)
  const patient = await edge.store.get(`${mrn}:Patient`)
  if (found.kind !== 'present' || patient.kind !== 'present') throw new Error('not there')
  await edge.store.write(async () => [
    { id: found.document._id, document: undefined, expectedRev: found.rev },
    {
      id: patient.document._id,
      document: { ...patient.document, resource: { ...patient.document.resource, language: 'id' } },
      expectedRev: patient.rev,
    },
  ])
  const report = await load(collection(ana, visit, clinic, { ...visit, id: 'e2' }))
  expect(report).toEqual({ patients: { created: 0, unchanged: 1 }, resources: { created: 1, unchanged: 3 } })
  expect((await edge.store.get(`${mrn}:Encounter:e1`)).kind).toBe('deleted')
  expect(await edge.store.get(`${mrn}:Patient`)).toMatchObject({ document: { resource: { language: 'id' } } })
})

test('a later bundle finds the patient, and what the condition names', async () => {
  await load(collection(ana, clinic))
  const mrn = (await edge.index.mrnOfSource('Patient/p1')) ?? ''
  await load(collection({ ...visit, serviceProvider: { reference: 'Organization?identifier=urn:k|7' } }))
  expect(await edge.store.get(`${mrn}:Encounter:e1`)).toMatchObject({
    document: {
      resource: { subject: { reference: `Patient/${mrn}` }, serviceProvider: { reference: 'Organization/101.o1' } },
    },
  })
})

test('the same file loaded at the same moment by two makes one patient', async () => {
  const reports = await Promise.all([load(collection(ana)), load(collection(ana)), load(collection(ana))])
  expect(reports.map(({ patients }) => patients.created).sort()).toEqual([0, 0, 1])
  expect(await documentCount()).toBe(1)
})

test("the facility's own export loads back onto itself", async () => {
  await load(collection(ana, visit, clinic))
  const mrn = (await edge.index.mrnOfSource('Patient/p1')) ?? ''
  const documents = [...(await edge.store.read({ partition: mrn })), ...(await edge.store.read({ partition: '101' }))]
  const report = await load(collection(...documents.map(resourceOf)))
  expect(report).toEqual({ patients: { created: 0, unchanged: 1 }, resources: { created: 0, unchanged: 3 } })
})

test('after the state was lost the same file still changes nothing', async () => {
  await load(collection(ana, visit, clinic))
  await edge.close()
  rmSync(join(edge.folder, 'state'), { recursive: true })
  edge = await opened(edge.folder)
  expect(await load(collection(ana, visit, clinic))).toMatchObject({ resources: { created: 0, unchanged: 3 } })
})

if (syntheaFiles.length === 0) process.stderr.write('No Synthea bundles; SYNTHEA_DIR says where they are.\n')
const describeSynthea = syntheaFiles.length > 0 ? describe : describe.skip

describeSynthea('Synthea', () => {
  test('a patient is loaded as the same resources, with rewritten references', async () => {
    const { entry } = bundleIn(syntheaFiles[0] ?? '')
    await load({ resourceType: 'Bundle', type: 'transaction', entry })
    const mrn = (await edge.index.mrnOfSource(`Patient/${entry[0]?.resource.id}`)) ?? ''
    const stored = [...(await edge.store.read({ partition: mrn })), ...(await edge.store.read({ partition: '101' }))]
    expect(stored).toHaveLength(entry.length)
    const names = new Map(stored.map(({ resource }) => [resource.id.split('.')[1] ?? entry[0]?.resource.id, resource]))
    for (const { resource: before } of entry) {
      const after = names.get(before.id)
      const back = withReferences(after, (reference) => {
        const [, id = ''] = reference.split('/')
        return reference.startsWith('#') ? reference : `urn:uuid:${id.split('.')[1] ?? entry[0]?.resource.id}`
      })
      expect({ ...back, id: before.id }).toEqual(before)
    }
  })

  test('kill -9 in the middle of loading, again and again: whole files or nothing, and no patient twice', async () => {
    await edge.close()
    const seed = 20_260
    let chance = seed
    const random = () => {
      chance = (chance * 1_103_515_245 + 12_345) % 2 ** 31
      return chance / 2 ** 31
    }
    const acknowledged = new Set<number>()
    for (let round = 0; round < 5; round++) await loadUntilKilled(edge.folder, Math.round(random() * 900), acknowledged)
    edge = await opened(edge.folder)
    for (const [index, file] of syntheaFiles.entries()) {
      const report = await load(bundleIn(file))
      const { created } = report.resources
      if (acknowledged.has(index)) expect([seed, index, created]).toEqual([seed, index, 0])
      // A file's Organizations may be there from another one; its patient's records are there all or not at all.
      if (report.patients.unchanged === 1) expect([seed, index, created]).toEqual([seed, index, 0])
    }
    expect(acknowledged.size).toBeGreaterThan(0)
    expect(await documentCount()).toBe(9_841)
    expect((await edge.index.search([], { limit: 500 })).mrns).toHaveLength(30)
  }, 120_000)
})

async function loadUntilKilled(folder: string, afterMs: number, acknowledged: Set<number>): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'load-in-child.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'open') setTimeout(() => child.kill('SIGKILL'), afterMs)
    else acknowledged.add(Number(line))
  }
  await ended
}
