import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const ROOT = resolve(__dirname, '../..')
const page = readFileSync(resolve(ROOT, 'docs/operations.md'), 'utf8')
const NAME = /\b(?:HUB|EDGE|COUCHDB)_[A-Z][A-Z_]*[A-Z]\b/g

/** Where each program reads its environment, and nowhere else. */
const PROGRAMS = { hub: 'hub/settings.ts', edge: 'edge/settings.ts' } as const
/** What the command line reads is told in words below the tables. */
const IN_WORDS = {
  hub: ['HUB_URL', 'HUB_OPERATOR_NAME', 'HUB_OPERATOR_CODE', 'HUB_CA_FILE'],
  edge: ['EDGE_URL'],
}

describe.each(['hub', 'edge'] as const)('settings of the %s', (program) => {
  const read = namesIn(readFileSync(resolve(ROOT, PROGRAMS[program]), 'utf8'), /'([A-Z_]+)'/g)
  const inTable = rowsOf(`| \`lontar ${program}\` | default | |`)

  test('each that is read has a row, or is told in words where the command line reads it', () => {
    expect(read.length).toBeGreaterThan(10)
    expect(read.filter((name) => !inTable.includes(name) && !IN_WORDS[program].includes(name))).toEqual([])
    expect(IN_WORDS[program].filter((name) => !page.includes(name))).toEqual([])
  })

  test('each row is of one that is read', () => {
    expect(inTable.length).toBeGreaterThan(10)
    expect(inTable.filter((name) => !read.includes(name))).toEqual([])
  })
})

test('no page names a setting that nobody reads', () => {
  const known = new Set(
    Object.values(PROGRAMS).flatMap((file) => readFileSync(resolve(ROOT, file), 'utf8').match(NAME) ?? []),
  )
  const pages = ['README.md', 'docs/operations.md', 'docs/security.md', 'docs/threat-model.md', 'docs/audit.md']
  const unknown = pages.flatMap((file) =>
    (readFileSync(resolve(ROOT, file), 'utf8').match(NAME) ?? []).filter((name) => !known.has(name)),
  )
  // Named as a family, `HUB_RATE_…`.
  expect([...new Set(unknown)].filter((name) => name !== 'HUB_RATE')).toEqual([])
})

/** Names of settings in quotes. */
function namesIn(source: string, quoted: RegExp): string[] {
  const found = [...source.matchAll(quoted)].map(([, name = '']) => name)
  return [...new Set(found.filter((name) => name.match(NAME)?.[0] === name))]
}

/** The settings in the first cells of the table below this head. */
function rowsOf(head: string): string[] {
  const [, below = ''] = page.split(head)
  const [table = ''] = below.split('\n\n')
  return table.split('\n').flatMap((row) => row.split('|')[1]?.match(NAME) ?? [])
}
