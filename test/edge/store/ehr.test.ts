import { newFolder, type Opened, opened, put, record, remove } from './opened'

const place = (type: string, local?: string) => ({ partition: '10100000018', type, ...(local ? { local } : {}) })

let edge: Opened
beforeEach(async () => {
  edge = await opened(newFolder())
})
afterEach(async () => {
  await edge.close()
  remove(edge.folder)
})

describe('refusals', () => {
  test('one stale revision in a batch stops the whole batch', async () => {
    await put(edge.store, record(place('Patient')))
    const outcome = await edge.store.write(async () => [
      {
        id: '101:Organization:new',
        document: record({ partition: '101', type: 'Organization', local: 'new' }),
        expectedRev: undefined,
      },
      {
        id: '10100000018:Patient',
        document: record(place('Patient')),
        expectedRev: '1-00000000000000000000000000000000',
      },
    ])
    expect(outcome).toMatchObject({ kind: 'conflict', id: '10100000018:Patient', found: { kind: 'present' } })
    expect(await edge.store.get('101:Organization:new')).toEqual({ kind: 'absent' })
  })

  test('what is there is not written over by something new', async () => {
    await put(edge.store, record(place('Patient')))
    await expect(put(edge.store, record(place('Patient')))).rejects.toThrow('conflict')
  })

  test('a plan that throws writes nothing, and the next one runs', async () => {
    const failing = edge.store.write(async () => {
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await put(edge.store, record(place('Patient')))
    expect((await edge.store.get('10100000018:Patient')).kind).toBe('present')
  })
})

test('plans run one after the other: none misses what another wrote', async () => {
  await Promise.all(
    Array.from({ length: 20 }, () =>
      edge.store.write(async () => {
        const found = await edge.store.get('10100000018:Patient')
        const birthYear = found.kind === 'present' ? Number((found.document.resource as { year?: number }).year) + 1 : 1
        const document = record(place('Patient'), { year: birthYear })
        return [{ id: document._id, document, expectedRev: found.kind === 'present' ? found.rev : undefined }]
      }),
    ),
  )
  expect(await edge.store.get('10100000018:Patient')).toMatchObject({ document: { resource: { year: 20 } } })
})

test('a deleted document is told from one that never was, and can be written again', async () => {
  const document = record(place('Observation', 'a'))
  await put(edge.store, document)
  const found = await edge.store.get(document._id)
  if (found.kind !== 'present') throw new Error('not there')
  await edge.store.write(async () => [{ id: document._id, document: undefined, expectedRev: found.rev }])
  expect(await edge.store.get(document._id)).toMatchObject({ kind: 'deleted', rev: expect.stringMatching(/^2-/) })
  await put(edge.store, document)
  expect(await edge.store.get(document._id)).toMatchObject({ kind: 'present', rev: expect.stringMatching(/^3-/) })
  expect((await edge.store.getRevision(document._id, found.rev))?.type).toBe('Observation')
})

test('a tombstone has no field but its id', async () => {
  await put(edge.store, record(place('Patient'), { name: [{ family: 'Secret' }] }))
  const found = await edge.store.get('10100000018:Patient')
  if (found.kind !== 'present') throw new Error('not there')
  await edge.store.write(async () => [{ id: '10100000018:Patient', document: undefined, expectedRev: found.rev }])
  const { results } = await edge.store.database.changes({ include_docs: true })
  expect(Object.keys(results[0]?.doc ?? {}).sort()).toEqual(['_deleted', '_id', '_rev'])
})

test('spans: a partition, a type in it, and pages', async () => {
  await put(
    edge.store,
    record(place('Patient')),
    record(place('Medication', 'm')),
    ...['c', 'a', 'b'].map((local) => record(place('MedicationRequest', local))),
    record({ partition: '101', type: 'Medication', local: 'x' }),
    record({ partition: '10100000026', type: 'Patient' }),
  )
  const partition = '10100000018'
  expect(await edge.store.readIds({ partition })).toHaveLength(5)
  expect(await edge.store.readIds({ partition: '101' })).toEqual(['101:Medication:x'])
  expect(await edge.store.readIds({ partition, type: 'Medication' })).toEqual(['10100000018:Medication:m'])
  expect(await edge.store.readIds({ partition, type: 'Patient' })).toEqual(['10100000018:Patient'])
  const first = await edge.store.read({ partition, type: 'MedicationRequest', limit: 2 })
  expect(first.map((document) => document._id.slice(-1))).toEqual(['a', 'b'])
  const rest = await edge.store.readIds({
    partition,
    type: 'MedicationRequest',
    after: '10100000018:MedicationRequest:b',
  })
  expect(rest).toEqual(['10100000018:MedicationRequest:c'])
})

test('listeners hear of each write until they stop listening', async () => {
  let heard = 0
  const stop = edge.store.onWritten(() => heard++)
  await put(edge.store, record(place('Patient')))
  stop()
  await put(edge.store, record(place('Observation', 'a')))
  expect(heard).toBe(1)
})

test('everything is there after opening again', async () => {
  await put(edge.store, record(place('Patient')))
  await edge.close()
  edge = await opened(edge.folder)
  expect((await edge.store.get('10100000018:Patient')).kind).toBe('present')
})
