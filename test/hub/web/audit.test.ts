import { DEEDS } from '../../../hub/audit/deeds'
import { deedKeyOf, partiesOf } from '../../../hub/web/audit/deed-words'
import { filtersIn, queryOf, saidOf } from '../../../hub/web/audit/filters'
import { notedHeadsIn } from '../../../hub/web/audit/noted-heads'
import { auditWords } from '../../../hub/web/audit/words'
import type { AuditEntry } from '../../../schemas/generated/types'

const ENTRY: AuditEntry = {
  _id: 'node-101:abc',
  kind: 'import',
  at: '2026-11-22T07:41:03.120Z',
  outcome: 'allowed',
  action: 'Patient/$everything',
  node: 'node-101',
  mrn: '10200000018',
}

describe('the deed of an entry', () => {
  test.each(Object.entries(DEEDS))('%s has words', (_route, deed) => {
    const key = deedKeyOf(deed)
    expect(key).not.toBe('other')
    const words = auditWords.en.deed as unknown as Record<string, Record<string, string>>
    expect(words[deed.kind]?.[deed.action]).toEqual(expect.any(String))
  })

  test('one without words is shown as it is', () => {
    expect(deedKeyOf({ kind: 'push', action: 'POST /sync/ehr/_bulk_docs' })).toBe('other')
    expect(deedKeyOf(ENTRY)).toBe('import')
  })
})

test.each<[string, Partial<AuditEntry>, ReturnType<typeof partiesOf>]>([
  ['a facility asks for a patient', {}, { who: '101', about: '10200000018' }],
  [
    'an operator decides about a facility',
    { operator: 'siti', mrn: undefined as never },
    { who: 'siti', about: '101' },
  ],
  ['an operator changes an account', { operator: 'siti', account: 'budi' }, { who: 'siti', about: 'budi' }],
])('%s', (_what, part, expected) => expect(partiesOf({ ...ENTRY, ...part })).toEqual(expected))

describe('the filters of the search', () => {
  const NONE = filtersIn(new URLSearchParams())

  test('stand in the address as they were typed', () => {
    const filters = { ...NONE, node: '101', from: '2026-11-22' }
    expect(filtersIn(new URLSearchParams(saidOf(filters)))).toEqual(filters)
    expect(saidOf(NONE)).toEqual({})
  })

  test('ask for a facility by its node, and for whole days of the reader', () => {
    const query = queryOf({ ...NONE, node: ' 101 ', mrn: ' 10200000018 ', from: '2026-11-22', to: '2026-11-22' })
    expect(query.get('node')).toBe('node-101')
    expect(query.get('mrn')).toBe('10200000018')
    const [from, to] = ['from', 'to'].map((name) => Date.parse(query.get(name) ?? ''))
    expect((to ?? 0) - (from ?? 0)).toBe(24 * 3_600_000)
    expect(queryOf({ ...NONE, node: 'node-101' }).get('node')).toBe('node-101')
    expect(queryOf(NONE).toString()).toBe('')
  })
})

describe('a file with ends of chains', () => {
  const head = { chain: '01M84S4WYNTH48A9GWJN56F5FN', number: 57, hash: 'a'.repeat(64) }

  test('is read with the end of the gateway that wrote it', () => {
    expect(notedHeadsIn(JSON.stringify({ at: 'x', documents: 1, heads: [head], here: head }))).toEqual([head, head])
  })

  test.each(['', '{', '[]', '{"heads":[{}]}', 'null'])('%s is none', (text) =>
    expect(notedHeadsIn(text)).toBeUndefined(),
  )
})
