import { readFileSync } from 'node:fs'
import { ERROR_CODES } from '../../protocol/error-codes'

const page = readFileSync(`${__dirname}/../../docs/errors.md`, 'utf8')
const rows = page.split('\n').filter((line) => /^\| `[A-Z_]+` \|/.test(line))

test('docs/errors.md lists every code with its status, retry and meaning, in the order of the source, and no other', () => {
  const expected = Object.entries(ERROR_CODES).map(
    ([code, { status, retry, meaning }]) => `| \`${code}\` | ${status} | ${retry ? 'yes' : 'no'} | ${meaning} |`,
  )
  expect(rows).toEqual(expected)
})

test('a code that can be retried is not one that only a changed request mends', () => {
  for (const [code, { status, retry }] of Object.entries(ERROR_CODES)) {
    if (status >= 500) expect([code, retry]).toEqual([code, true])
    if ([400, 413, 415, 422].includes(status)) expect([code, retry]).toEqual([code, false])
  }
})
