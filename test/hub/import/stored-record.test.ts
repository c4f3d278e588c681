import fc from 'fast-check'
import type { BundleEntry } from 'fhir/r4'
import { bundleBytes, entryText } from '../../../hub/import/bundle-text'
import { UnreadableText } from '../../../hub/import/json-cursor'
import { recordsIn } from '../../../hub/import/stored-record'
import '../../support/arbitraries'

const ID = '10100000042:Observation:o1'
const asBytes = (text: string) => Buffer.from(text, 'utf8').toString('latin1')
const document = (resource: object, elements: object = {}) => ({
  _id: ID,
  _rev: '1-abc',
  type: 'Observation',
  mrn: '10100000042',
  facility: '101',
  recordedAt: '2026-11-22T07:41:03.120Z',
  resource: { resourceType: 'Observation', id: '10100000042.o1', ...resource } as Record<string, unknown>,
  ...elements,
})
const answer = (...docs: unknown[]) =>
  `{"total_rows":9,"offset":2,"rows":[\r\n${docs.map((doc) => JSON.stringify({ id: ID, key: ID, value: { rev: '1-abc' }, doc })).join(',\r\n')}\r\n]}\n`

function written(doc: object): BundleEntry[] {
  const matches = recordsIn(asBytes(answer(doc))).map((record) =>
    entryText(record, 'match', 'https://hub.example/fhir'),
  )
  const bundle = bundleBytes(
    { matches, included: [], isWithheld: false, isCut: false },
    'https://hub.example/x',
    new Date(),
  )
  return JSON.parse(bundle.toString('utf8')).entry
}

const json = fc.jsonValue({ maxDepth: 4 })
const word = fc.oneof(
  fc.constantFrom('meta', 'id', 'resource', 'doc', 'rows', 'note', '_rev', 'a"b', '\\', 'ä', '}'),
  fc.string(),
)
const elements = fc.dictionary(word, json, { maxKeys: 6, noNullPrototype: true })
const meta = fc.oneof(
  fc.constant({}),
  fc.record(
    {
      profile: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 2 }),
      security: fc.constant([{ code: 'R' }]),
      versionId: fc.string(),
      lastUpdated: fc.string(),
    },
    { requiredKeys: [] },
  ),
  json,
)

test('a resource comes out as it was stored, with its version and time, whatever is in it and beside it', () => {
  fc.assert(
    fc.property(elements, fc.option(meta, { nil: undefined }), elements, (inner, ownMeta, beside) => {
      const stored = document({ ...inner, id: '10100000042.o1', ...(ownMeta !== undefined && { meta: ownMeta }) })
      const { resource, ...envelope } = stored
      const doc = { ...beside, ...envelope, resource }
      const own = resource['meta']
      const kept = typeof own === 'object' && !Array.isArray(own) ? own : {}
      expect(written(doc)).toEqual([
        {
          fullUrl: 'https://hub.example/fhir/Observation/10100000042.o1',
          resource: JSON.parse(
            JSON.stringify({
              ...resource,
              meta: { ...(kept as object), versionId: '1-abc', lastUpdated: '2026-11-22T07:41:03.120Z' },
            }),
          ),
          search: { mode: 'match' },
        },
      ])
    }),
  )
})

test('what stands beside the resource in a document does not get into the answer, before it or behind it', () => {
  const beside = { search: { mode: 'include' }, fullUrl: 'https://evil.example', extension: [{ url: 'x' }] }
  const [entry] = written({ ...beside, ...document({ status: 'final' }), response: { status: '200' }, ...beside })
  expect(Object.keys(entry ?? {}).sort()).toEqual(['fullUrl', 'resource', 'search'])
  expect(entry?.fullUrl).toBe('https://hub.example/fhir/Observation/10100000042.o1')
})

test('numbers keep all their digits', () => {
  const text = answer(document({ valueQuantity: { value: 'HERE' } })).replace('"HERE"', '1.500000000000000000001')
  const [record] = recordsIn(text)
  expect(record?.resourceText()).toContain('"value":1.500000000000000000001')
})

test('a member that is there twice is read as JSON.parse reads it, and sent once', () => {
  const text = answer(document({ meta: { profile: ['a'] } })).replace('"meta":', '"meta":{"versionId":"9"},"meta":')
  const [record] = recordsIn(text)
  expect(record?.resourceText().match(/"meta"/g)).toHaveLength(1)
  expect(JSON.parse(record?.resourceText() ?? '').meta).toEqual({
    profile: ['a'],
    versionId: '1-abc',
    lastUpdated: '2026-11-22T07:41:03.120Z',
  })
})

test('labels are seen wherever they may be', () => {
  const labels = (resource: object) => recordsIn(asBytes(answer(document(resource))))[0]?.hasLabels
  expect(labels({ meta: { security: [{ code: 'R' }] } })).toBe(true)
  expect(labels({ meta: { versionId: '1', security: [{ code: 'R' }] } })).toBe(true)
  expect(labels({ note: '"security"' })).toBe(false)
  expect(labels({ contained: [{ resourceType: 'Observation', meta: { security: [{ code: 'R' }] } }] })).toBe(true)
  expect(labels({ contained: [{ resourceType: 'Composition', confidentiality: 'V' }] })).toBe(true)
  expect(labels({ contained: [{ resourceType: 'Observation' }] })).toBe(false)
})

test('keys without documents, and with deleted ones, have no record', () => {
  const rows = [
    { key: 'a', error: 'not_found' },
    { id: 'b', key: 'b', value: { rev: '2-x', deleted: true }, doc: null },
  ]
  expect(recordsIn(JSON.stringify({ total_rows: 1, rows }))).toEqual([])
})

describe('an answer that is not whole is no answer', () => {
  const whole = asBytes(answer(document({ note: [{ text: 'a "quoted" \\ ä' }] }), document({})))

  test('cut at any place', () => {
    expect(recordsIn(whole)).toHaveLength(2)
    for (let at = 0; at < whole.trimEnd().length; at++) {
      expect(() => recordsIn(whole.slice(0, at))).toThrow(UnreadableText)
    }
  })

  test.each([
    '',
    '[]',
    '{}',
    'null',
    '{"error":"timeout"}',
    `${whole}{}`,
    '{"rows":{}}',
    '{"rows":[1]}',
    '{"rows":[{},]}',
  ])('%#', (text) => {
    expect(() => recordsIn(text)).toThrow(UnreadableText)
  })

  test('CouchDB’s own way to say in the middle of an answer that it failed', () => {
    expect(() => recordsIn(whole.replace(/\]\}\s*$/, '{"error":"timeout","reason":"x"}\n'))).toThrow(UnreadableText)
  })
})

test('a document that is not of its form is a fault, and not left out', () => {
  const { facility: _, ...without } = document({})
  expect(() => recordsIn(answer(without))).toThrow('not of its form')
})
