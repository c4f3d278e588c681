import { built, callable, refusal } from './built'

const ADMIN = { name: 'admin', roles: ['_admin'] }
const SOMEONE = { name: 'someone', roles: [] }
const ENTRY = { _id: 'node-101:a', kind: 'import' }

describe('_design/append-only in a bare context', () => {
  let validate: (...args: unknown[]) => unknown
  beforeAll(async () => {
    const [doc] = await built('audit/append-only')
    validate = callable(doc?.validate_doc_update)
  })

  const refused: [string, object, object | null, object][] = [
    ['an update by an admin', { ...ENTRY, _rev: '1-a' }, ENTRY, ADMIN],
    ['an update that hides its revision', ENTRY, ENTRY, ADMIN],
    ['a deletion by an admin', { ...ENTRY, _rev: '1-a', _deleted: true }, ENTRY, ADMIN],
    ['a tombstone for an entry that is not there', { _id: 'x', _deleted: true }, null, ADMIN],
    [
      'a second history, of which CouchDB shows no old document',
      { ...ENTRY, _rev: '1-b', _revisions: { start: 1, ids: ['b'] } },
      null,
      ADMIN,
    ],
    ['a design document by someone else', { _id: '_design/append-only', _rev: '1-a' }, { _id: '_design/x' }, SOMEONE],
  ]
  test.each(refused)('refuses %s', (_what, doc, old, user) => {
    expect(refusal(validate, doc, old, user, {})).toMatch(/never/)
  })

  test('accepts an entry once, and design documents of an admin', () => {
    expect(refusal(validate, ENTRY, null, ADMIN, {})).toBeUndefined()
    expect(refusal(validate, { _id: '_design/x', _rev: '1-a' }, { _id: '_design/x' }, ADMIN, {})).toBeUndefined()
  })
})
