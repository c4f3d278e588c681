import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { accessTable } from '../../scripts/access-table'

const ROOT = resolve(__dirname, '../..')
const page = readFileSync(join(ROOT, 'docs/security.md'), 'utf8')
const policy = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8')

/** `npx tsx scripts/access-table.ts` writes what has to stand there. */
test('docs/security.md shows who may do what as the hub has it', () => {
  const start = page.indexOf('| route |')
  expect(page.slice(start).split('\n\n')[0]?.trimEnd()).toBe(accessTable())
})

describe.each([
  ['docs/security.md', page],
  ['SECURITY.md', policy],
])('%s', (file, text) => {
  test('names files and folders that are there', () => {
    const named = [...text.matchAll(/(?:hub|edge|runtime|protocol|schemas|scripts|design-docs|test)\/[\w./-]*/g)]
    const paths = named.map(([path]) => path.replace(/\.$/, ''))
    expect(paths.length).toBeGreaterThan(0)
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })

  test('links to what is there', () => {
    const links = [...text.matchAll(/\]\(([^)#]*)(?:#([\w-]+))?\)/g)].map(([, path = '', anchor]) => ({ path, anchor }))
    expect(links.length).toBeGreaterThan(0)
    expect(links.filter(({ path, anchor }) => !isThere(file, path, anchor))).toEqual([])
  })
})

test('each setting and limit that docs/security.md names is in the code', () => {
  const names = [...page.matchAll(/`([A-Z]+_[A-Z_]+)`(?:, `([A-Z_]+)`)*/g)].flatMap(
    ([all]) => all.match(/[A-Z][A-Z_]+/g) ?? [],
  )
  const source = ['hub', 'edge', 'runtime'].flatMap((folder) => sourcesIn(join(ROOT, folder))).join('\n')
  expect(names.length).toBeGreaterThan(10)
  expect(names.filter((name) => !source.includes(name))).toEqual([])
})

test('no address of anybody is made up', () => {
  expect(`${policy}${page}`).not.toMatch(/[\w.-]+@(?!127\.0\.0\.1)[\w-]+\.[\w.]+/)
})

function isThere(file: string, path: string, anchor: string | undefined): boolean {
  const target = path === '' ? join(ROOT, file) : resolve(ROOT, dirname(file), path)
  if (!existsSync(target)) return false
  if (anchor === undefined) return true
  const headings = readFileSync(target, 'utf8').match(/^#+ .*/gm) ?? []
  const anchors = headings.map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  )
  return anchors.includes(anchor)
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
}
