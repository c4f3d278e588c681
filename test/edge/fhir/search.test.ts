import type { Resource } from 'fhir/r4'
import { writeCopies } from '../../../edge/store/write-copies'
import { record } from '../store/opened'
import { ANA, type Answer, type Served, served, weight } from './served'

let edge: Served
const mrns: Record<string, string> = {}
const people: [string, object][] = [
  ['ana', ANA],
  [
    'andi',
    {
      resourceType: 'Patient',
      name: [{ family: 'Wijayanto', given: ['Andi', 'Ana'] }],
      gender: 'male',
      birthDate: '1980',
    },
  ],
  [
    'soren',
    {
      resourceType: 'Patient',
      name: [{ family: 'Ståhl-O’Neill', given: ['Søren'] }],
      birthDate: '1991-12-31',
      telecom: [{ system: 'email', value: 'Soren@Example.org' }],
    },
  ],
  [
    'budi',
    {
      resourceType: 'Patient',
      name: [{ text: 'Budi' }],
      gender: 'male',
      identifier: [{ value: '3201' }, { system: 'urn:bpjs', value: 'A,1|2' }],
      link: [{ type: 'seealso', other: { reference: 'Patient/20200000018' } }],
    },
  ],
]

beforeAll(async () => {
  edge = await served()
  for (const [name, resource] of people) mrns[name] = (await edge.call('POST', '/Patient', resource)).body.id
})
afterAll(async () => {
  await edge.close()
  expect(edge.faults).toEqual([])
})

function idsIn(answer: Answer): string[] {
  expect(answer.body).toMatchObject({ resourceType: 'Bundle', type: 'searchset' })
  return (answer.body.entry ?? []).map((entry: { resource: { id: string } }) => entry.resource.id)
}

function namesIn(answer: Answer): string[] {
  const names = new Map(Object.entries(mrns).map(([name, mrn]) => [mrn, name]))
  return idsIn(answer)
    .map((id) => names.get(id) ?? id)
    .sort()
}

async function pages(path: string): Promise<string[][]> {
  const all: string[][] = []
  for (let next: string | undefined = path; next !== undefined; ) {
    const answer: Answer = await edge.call('GET', next)
    all.push(idsIn(answer))
    next = answer.body.link.find((link: { relation: string }) => link.relation === 'next')?.url
    if (all.length > 50) throw new Error('pages without an end')
  }
  return all
}

describe('Patient', () => {
  const found: [string, string[]][] = [
    ['name=ana', ['ana', 'andi']],
    ['name=WIJAYA', ['ana', 'andi']],
    ['name=Ana%20Wijaya', ['ana', 'andi']],
    ['name=wijayan', ['andi']],
    ['name=ana,budi', ['ana', 'andi', 'budi']],
    ['name=xyz', []],
    ['name=!!', []],
    ['family=stahl', ['soren']],
    ['family=ana', []],
    ['family=Ståhl', ['soren']],
    ['given=soren', ['soren']],
    ['given=an&family=wij', ['ana', 'andi']],
    ['given=ana&gender=male', ['andi']],
    ['gender=male,female', ['ana', 'andi', 'budi']],
    ['birthdate=1980-05-12', ['ana']],
    ['birthdate=1980-05', ['ana']],
    ['birthdate=1980', ['ana', 'andi']],
    ['birthdate=ge1980-05-12', ['ana', 'andi', 'soren']],
    ['birthdate=gt1980-05-12', ['andi', 'soren']],
    ['birthdate=lt1980-05-12', ['andi']],
    ['birthdate=le1980-05-12', ['ana', 'andi']],
    ['birthdate=ge1981&birthdate=lt1992', ['soren']],
    ['birthdate=1980-05-12,1991-12-31', ['ana', 'soren']],
    ['birthdate=sa1985&name=soren', ['soren']],
    ['birthdate=ge1991&birthdate=lt1991-12-30T23:59:00-12:00', ['soren']],
    ['identifier=urn:nik|3201', ['ana']],
    ['identifier=3201', ['ana', 'budi']],
    ['identifier=|3201', ['budi']],
    ['identifier=urn:bpjs|A\\,1\\|2', ['budi']],
    ['identifier=urn:nik|32', []],
    ['telecom=62812-3456', ['ana']],
    ['phone=628123456', ['ana']],
    ['telecom=soren@example.org', ['soren']],
    ['telecom=email|SOREN@example.org', ['soren']],
    ['phone=soren@example.org', []],
    ['link=Patient/20200000018', ['budi']],
    ['link=20200000018,20200000026', ['budi']],
    ['link=2020000001', []],
    ['', ['ana', 'andi', 'budi', 'soren']],
  ]
  test.each(found)('%s', async (query, expected) => {
    expect(namesIn(await edge.call('GET', `/Patient?${query}`))).toEqual(expected)
    const form = await edge.call('POST', '/Patient/_search', query, {
      'content-type': 'application/x-www-form-urlencoded',
    })
    expect(namesIn(form)).toEqual(expected)
  })

  test('_id alone, several, and with another condition', async () => {
    expect(namesIn(await edge.call('GET', `/Patient?_id=${mrns['ana']}`))).toEqual(['ana'])
    expect(namesIn(await edge.call('GET', `/Patient?_id=${mrns['ana']},${mrns['budi']},10100009999`))).toEqual([
      'ana',
      'budi',
    ])
    expect(namesIn(await edge.call('GET', `/Patient?_id=${mrns['ana']},${mrns['budi']}&gender=male`))).toEqual(['budi'])
  })

  test('a write is found by the next search, a new name at once and the old one no more', async () => {
    const id = (await edge.call('POST', '/Patient', { resourceType: 'Patient', name: [{ family: 'Rename' }] })).body.id
    expect(idsIn(await edge.call('GET', '/Patient?name=rename'))).toEqual([id])
    await edge.call('PUT', `/Patient/${id}`, { resourceType: 'Patient', id, name: [{ family: 'Changed' }] })
    expect(idsIn(await edge.call('GET', '/Patient?name=rename'))).toEqual([])
    expect(idsIn(await edge.call('GET', '/Patient?name=changed'))).toEqual([id])
    await edge.call('DELETE', `/Patient/${id}`)
    expect(idsIn(await edge.call('GET', '/Patient?name=changed'))).toEqual([])
  })

  test('pages hold each patient once, whichever criterion leads', async () => {
    for (const query of ['name=ana,wij', 'gender=male&name=an,bu', 'birthdate=ge1900', '']) {
      const all = await pages(`/Patient?${query}&_count=1`)
      const whole = idsIn(await edge.call('GET', `/Patient?${query}`))
      expect(all.every((page) => page.length === 1)).toBe(true)
      expect(all.flat()).toEqual(whole)
    }
  })

  test('in the order of their last change, copies too, in pages and with few or many that fit', async () => {
    const copy = record({ partition: '20200000018', type: 'Patient' }, { name: [{ family: 'Wijaya' }], gender: 'male' })
    const imported = { facility: '202', hubId: 'hub', importedAt: '2026-01-02T00:00:00.000Z' }
    await writeCopies(edge.store, '101', [{ ...copy, recordedAt: '2025-12-31T00:00:00.000Z', imported }])
    for (const query of [
      '',
      'gender=male',
      'name=wij',
      'name=wij&gender=male',
      `_id=20200000018,${mrns['ana']},${mrns['budi']}`,
    ]) {
      for (const [sort, sign] of [
        ['_lastUpdated', 1],
        ['-_lastUpdated', -1],
      ] as const) {
        const whole = await edge.call('GET', `/Patient?${query}&_sort=${sort}`)
        const times = whole.body.entry.map((entry: { resource: Resource }) =>
          Date.parse(entry.resource.meta?.lastUpdated ?? ''),
        )
        expect(times).toEqual([...times].sort((a, b) => sign * (a - b)))
        expect(idsIn(whole).sort()).toEqual(idsIn(await edge.call('GET', `/Patient?${query}`)).sort())
        expect(idsIn(whole)).toContain('20200000018')
        expect((await pages(`/Patient?${query}&_sort=${sort}&_count=1`)).flat()).toEqual(idsIn(whole))
      }
    }
    const [newest] = idsIn(await edge.call('GET', '/Patient?_sort=-_lastUpdated'))
    const other = Object.values(mrns).find((mrn) => mrn !== newest) ?? ''
    const { resourceType, ...rest } = (await edge.call('GET', `/Patient/${other}`)).body
    await edge.call('PUT', `/Patient/${other}`, { resourceType, ...rest, active: true })
    const after = idsIn(await edge.call('GET', '/Patient?_sort=-_lastUpdated'))
    expect([after[0], after.filter((id) => id === other)]).toEqual([other, [other]])
    const stored = await edge.store.get(copy._id)
    if (stored.kind === 'present')
      await edge.store.write(async () => [{ id: copy._id, document: undefined, expectedRev: stored.rev }])
    expect(idsIn(await edge.call('GET', '/Patient?_sort=_lastUpdated'))).not.toContain('20200000018')
  })

  test.each(['_sort=name', '_sort=date', '_sort=-_lastUpdated,name'])('refuses %s', async (query) => {
    expect((await edge.call('GET', `/Patient?${query}`)).codes).toEqual(['SEARCH_PARAMETER_UNSUPPORTED'])
  })

  test('refuses a position that no sorted search gave', async () => {
    const cursor = Buffer.from('1.x').toString('base64url')
    expect((await edge.call('GET', `/Patient?_sort=-_lastUpdated&_cursor=${cursor}`)).codes).toEqual([
      'INVALID_REQUEST',
    ])
  })

  test('a total stands only where it is known', async () => {
    expect((await edge.call('GET', '/Patient')).body.total).toBe(4)
    expect((await edge.call('GET', '/Patient?_count=2')).body.total).toBeUndefined()
  })
})

describe("a patient's records", () => {
  const dates = ['2026-01-05', '2026-02-10', '2026-02-10T10:00:00+07:00', '2026-03', '2026-12-31T23:59:59Z']
  beforeAll(async () => {
    for (const [index, date] of dates.entries()) {
      await edge.call('POST', '/Observation', weight(`Patient/${mrns['ana']}`, index, date))
    }
    await edge.call('POST', '/Observation', {
      ...weight(`Patient/${mrns['ana']}`, 9),
      code: { coding: [{ system: 'urn:local', code: 'X' }, { code: 'Y' }] },
      effectiveDateTime: undefined,
      effectivePeriod: { start: '2026-02-01', end: '2026-02-20' },
    })
    await edge.call('POST', '/Observation', weight(`Patient/${mrns['budi']}`, 99))
    await edge.call('POST', '/Condition', {
      resourceType: 'Condition',
      subject: { reference: `Patient/${mrns['ana']}` },
    })
  })

  const kilograms = (answer: Answer) => {
    idsIn(answer)
    return (answer.body.entry ?? []).map(
      (entry: { resource: { valueQuantity: { value: number } } }) => entry.resource.valueQuantity.value,
    )
  }
  const found: [string, number[]][] = [
    ['', [0, 1, 2, 3, 4, 9]],
    ['code=29463-7', [0, 1, 2, 3, 4]],
    ['code=http://loinc.org|29463-7', [0, 1, 2, 3, 4]],
    ['code=urn:local|29463-7', []],
    ['code=|Y', [9]],
    ['code=X,29463-7', [0, 1, 2, 3, 4, 9]],
    ['date=2026-03', [3]],
    ['date=2026-01', [0]],
    ['date=2026-02', [1, 2, 9]],
    ['date=2026-02-10T03:00:00Z', [2]],
    ['date=ge2026-02&date=lt2026-03', [1, 2, 9]],
    ['date=gt2026-03', [4]],
    ['date=lt2026-01-06', [0]],
    ['date=sa2026-02-15', [3, 4]],
    ['date=eb2026-01-06', [0]],
    ['date=2026&code=X', [9]],
  ]
  test.each(found)('%s', async (query, expected) => {
    for (const patient of [
      `patient=${mrns['ana']}`,
      `patient=Patient/${mrns['ana']}`,
      `subject=Patient/${mrns['ana']}`,
    ]) {
      expect(kilograms(await edge.call('GET', `/Observation?${patient}&${query}`)).sort()).toEqual(expected)
    }
  })

  test('in the order of their dates, in pages too', async () => {
    const query = `/Observation?patient=${mrns['ana']}&code=29463-7`
    expect(kilograms(await edge.call('GET', `${query}&_sort=date`))).toEqual([0, ...[1, 2], 3, 4])
    const descending = await edge.call('GET', `${query}&_sort=-date`)
    expect(kilograms(descending)[0]).toBe(4)
    expect((await pages(`${query}&_sort=-date&_count=2`)).flat()).toEqual(idsIn(descending))
  })

  test('$everything: the patient first, each record once, in pages too, and nothing of others', async () => {
    const whole = await edge.call('GET', `/Patient/${mrns['ana']}/$everything`)
    const ids = idsIn(whole)
    expect(ids[0]).toBe(mrns['ana'])
    expect(ids).toHaveLength(8)
    expect(ids.every((id) => id.startsWith(mrns['ana'] ?? ''))).toBe(true)
    for (const count of [1, 2, 3, 7, 8]) {
      expect((await pages(`/Patient/${mrns['ana']}/$everything?_count=${count}`)).flat()).toEqual(ids)
    }
    expect((await edge.call('GET', '/Patient/10100009999/$everything')).status).toBe(404)
  })

  test('a cursor leads into no other patient', async () => {
    const cursor = Buffer.from('10100000000').toString('base64url')
    const ids = idsIn(await edge.call('GET', `/Observation?patient=${mrns['budi']}&_cursor=${cursor}`))
    expect(ids.every((id) => id.startsWith(mrns['budi'] ?? ''))).toBe(true)
  })

  test('_id without a patient', async () => {
    const [id] = idsIn(await edge.call('GET', `/Condition?patient=${mrns['ana']}`))
    expect(idsIn(await edge.call('GET', `/Condition?_id=${id}`))).toEqual([id])
    expect(idsIn(await edge.call('GET', `/Condition?_id=${id}&patient=${mrns['budi']}`))).toEqual([])
  })
})

describe("the facility's own", () => {
  beforeAll(async () => {
    const facilitys = [
      {
        resourceType: 'Organization',
        name: 'Puskesmas Ambon',
        alias: ['Klinik Timur'],
        identifier: [{ system: 'urn:x', value: '1' }],
      },
      { resourceType: 'Organization', name: 'Rumah Sakit', identifier: [{ system: 'urn:y', value: '1' }] },
      { resourceType: 'Practitioner', name: [{ family: 'Dewi', given: ['Sri'] }] },
    ]
    for (const resource of facilitys) await edge.call('POST', `/${resource.resourceType}`, resource)
  })

  const found: [string, number][] = [
    ['Organization?name=pusk', 1],
    ['Organization?name=timur', 1],
    ['Organization?identifier=1', 2],
    ['Organization?identifier=urn:x|1', 1],
    ['Organization', 2],
    ['Practitioner?name=sri%20dewi', 1],
    ['Practitioner?name=sri%20x', 0],
  ]
  test.each(found)('%s', async (query, count) => {
    expect(idsIn(await edge.call('GET', `/${query}`))).toHaveLength(count)
  })
})

test('an imported copy is read, found and marked, and refused to writers', async () => {
  const imported = { hubId: 'hub-1', importedAt: '2026-02-03T04:05:06.789Z', facility: '102' }
  const patient = record(
    { partition: '10200000018', type: 'Patient' },
    { name: [{ family: 'Copied' }] },
    { facility: '102', imported },
  )
  const observation = record(
    { partition: '10200000018', type: 'Observation', local: 'a' },
    weight('Patient/10200000018', 5),
    { facility: '102', imported },
  )
  await writeCopies(edge.store, '101', [patient, observation])
  const tag = [expect.objectContaining({ code: '102', display: expect.stringContaining(imported.importedAt) })]
  expect((await edge.call('GET', '/Patient?name=copied')).body.entry[0].resource.meta.tag).toEqual(tag)
  const all = await edge.call('GET', '/Patient/10200000018/$everything')
  expect(idsIn(all)).toEqual(['10200000018', '10200000018.a'])
  const { body } = await edge.call('GET', '/Observation/10200000018.a')
  expect(body.meta.tag).toEqual(tag)
  for (const [method, path, resource] of [
    ['PUT', '/Observation/10200000018.a', body],
    ['DELETE', '/Observation/10200000018.a', undefined],
    ['POST', '/Observation', weight('Patient/10200000018', 6)],
  ] as const) {
    expect((await edge.call(method, path, resource)).codes).toEqual(['READ_ONLY_COPY'])
  }
})
