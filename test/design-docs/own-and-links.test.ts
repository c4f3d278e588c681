import { built, callable } from './built'
import { OBSERVATION, ORGANIZATION, of, PATIENT } from './records'

describe('the replication filter own/own in a bare context', () => {
  let filter: (...args: unknown[]) => unknown
  beforeAll(async () => {
    const [doc] = await built('ehr/own')
    filter = callable(doc?.filters?.['own'])
  })

  const cases: [string, object, object, boolean][] = [
    ["keeps back another facility's document", of('102', OBSERVATION), { externalId: '101' }, false],
    ['keeps back a document of 101 for 10', OBSERVATION, { externalId: '10' }, false],
    ['keeps back what stays local', { ...OBSERVATION, localOnly: true }, { externalId: '101' }, false],
    ['keeps back an imported copy', { ...OBSERVATION, imported: {} }, { externalId: '101' }, false],
    ['keeps back design documents', { _id: '_design/own' }, { externalId: '101' }, false],
    ['keeps back everything without the parameter', OBSERVATION, {}, false],
    ['sends a record', OBSERVATION, { externalId: '101' }, true],
    ["sends the facility's own", ORGANIZATION, { externalId: '101' }, true],
    ['sends a tombstone', { _id: OBSERVATION._id, _deleted: true }, { externalId: '101' }, true],
    ['understands an external ID that a server made a number', OBSERVATION, { externalId: 101 }, true],
  ]
  test.each(cases)('%s', (_what, doc, query, sent) => {
    expect(filter(doc, { query })).toBe(sent)
  })
})

describe('the view links/by-target in a bare context', () => {
  const rows = async (doc: object) => {
    const [links] = await built('ehr/links')
    expect(links?.options).toEqual({ partitioned: false })
    const emitted: unknown[] = []
    const emit = (key: unknown, value: unknown) => emitted.push([key, value])
    callable(links?.views?.['by-target']?.map, { emit })(doc)
    return emitted
  }

  test('leads from the MRN that a Patient links to, to its own', async () => {
    const link = (reference: unknown) => ({ type: 'seealso', other: { reference } })
    const resource = { ...PATIENT.resource, link: [link('Patient/10200000017'), link('Patient/10300000025')] }
    expect(await rows({ ...PATIENT, resource })).toEqual([
      ['10200000017', PATIENT.mrn],
      ['10300000025', PATIENT.mrn],
    ])
  })

  const silent: [string, object][] = [
    ['a Patient without links', PATIENT],
    ['another type', { ...OBSERVATION, resource: { link: [{ other: { reference: 'Patient/10200000017' } }] } }],
    ['a link to something else', { ...PATIENT, resource: { link: [{ other: { reference: 'RelatedPerson/1' } }] } }],
    ['links of a wrong form', { ...PATIENT, resource: { link: [null, 5, {}, { other: null }] } }],
    ['a link that is no list', { ...PATIENT, resource: { link: 'x' } }],
    ['no resource', { ...PATIENT, resource: undefined }],
  ]
  test.each(silent)('is silent about %s', async (_what, doc) => {
    expect(await rows(doc)).toEqual([])
  })
})
