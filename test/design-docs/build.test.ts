import { contentHash } from '../../design-docs/content-hash'
import { DESIGN_DOCS } from '../../design-docs/definitions'
import { built } from './built'

const NAMES = DESIGN_DOCS.map(({ database, name }) => `${database}/${name}`)

test('every function is one self-contained expression without module syntax', async () => {
  for (const doc of await built(...NAMES)) {
    const maps = Object.values(doc.views ?? {}).map(({ map }) => map)
    const texts = [doc.validate_doc_update ?? [], Object.values(doc.filters ?? {}), maps].flat()
    expect(texts.length).toBeGreaterThan(0)
    for (const text of texts) {
      expect(text).toMatch(/^\(function \(/)
      expect(text).not.toMatch(/\b(require|export|import|module)\b\s*[({.]/)
      // Later than ES2015, which not every engine of CouchDB understands.
      expect(text).not.toMatch(/\?\?|\?\.[a-z[(]|\*\*|\basync\b|\.\.\.\w+\s*\}/)
    }
  }
})

test('the hash is of the content: the same twice', async () => {
  const hashes = async () => (await built(...NAMES)).map((doc) => doc.lontar.sha256)
  const first = await hashes()
  expect(new Set(first).size).toBe(NAMES.length)
  expect(await hashes()).toEqual(first)
})

test('the hash is the same of what a database gives back, in whatever order, and another after any change', async () => {
  const [doc] = await built('ehr/ownership')
  if (!doc) throw new Error('it was not built')
  const { lontar, ...content } = doc
  const reversed = Object.fromEntries(Object.entries({ ...doc, _rev: '1-abc' }).reverse())
  expect(contentHash(reversed)).toBe(lontar.sha256)
  for (const change of [{ validate_doc_update: '' }, { language: 'erlang' }, { filters: {} }, { _attachments: {} }]) {
    expect(contentHash({ ...content, ...change })).not.toBe(lontar.sha256)
  }
})
