import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { accessTable } from '../../scripts/access-table'

/** `npx tsx scripts/access-table.ts` writes what has to stand there. */
test('docs/security.md shows who may do what as the hub has it', () => {
  const page = readFileSync(resolve(__dirname, '../../docs/security.md'), 'utf8')
  const start = page.indexOf('| route |')
  expect(page.slice(start).split('\n\n')[0]?.trimEnd()).toBe(accessTable())
})
