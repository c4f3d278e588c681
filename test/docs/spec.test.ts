import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'

/** SPEC.md says by which test each of its rules is held; this holds it to that. */
const ROOT = resolve(__dirname, '../..')
const RULES = readFileSync(join(ROOT, 'edge/replicator/SPEC.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, rule = '', , heldBy = ''] = /^\| (R\d+) \|(.*)\|([^|]+)\|$/.exec(line) ?? []
    return rule === '' ? [] : [{ rule, heldBy }]
  })
const FILES = (readdirSync(join(ROOT, 'test'), { recursive: true }) as string[]).filter((path) =>
  path.endsWith('.test.ts'),
)
const PROOFS = RULES.flatMap(({ rule, heldBy }) =>
  [...heldBy.matchAll(/`([^`]+)`(?: "([^"]+)")?/g)].map(([, file = '', name]) => ({
    rule,
    file,
    // A file alone is a claim that it has a test of the rule, which says so by the rule's number.
    test: name ?? `${rule}:`,
  })),
)

test('every rule is there, in order, and names a test', () => {
  expect(RULES.length).toBeGreaterThan(20)
  expect(RULES.map(({ rule }) => rule)).toEqual(RULES.map((_, index) => `R${index + 1}`))
  expect(RULES.filter(({ rule }) => !PROOFS.some((proof) => proof.rule === rule))).toEqual([])
})

test.each(PROOFS)('$rule: $file has “$test”', ({ file, test }) => {
  const paths = FILES.filter((path) => basename(path) === file || path === file)
  expect(paths).toHaveLength(1)
  const text = readFileSync(join(ROOT, 'test', paths[0] ?? ''), 'utf8')
  expect(titlesIn(text).some((title) => title.includes(test))).toBe(true)
})

/** What is said of tests: the quoted text on their lines, and of rows of a table. Comments don't count. */
function titlesIn(text: string): string[] {
  const lines = text.split('\n').filter((line) => !/^\s*(\/\/|\/?\*)/.test(line))
  return lines.flatMap((line) => [...line.matchAll(/'([^']*)'|`([^`]*)`/g)].map(([, one, other]) => one ?? other ?? ''))
}
