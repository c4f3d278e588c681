import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const ROOT = resolve(__dirname, '../..')
const page = readFileSync(resolve(ROOT, 'docs/threat-model.md'), 'utf8')
const rows = page.split('\n').filter((line) => /^\| (?!threat |---)/.test(line))
const named = [...page.matchAll(/`(test\/[^`]+\.test\.ts)` “([^”]+)”/g)].map(([, file = '', name = '']) => ({
  file,
  name,
}))

test.each(named)('$file has “$name”', ({ file, name }) => {
  const path = resolve(ROOT, file)
  expect(existsSync(path) && readFileSync(path, 'utf8').includes(name)).toBe(true)
})

test('every threat has a test that shows its defence, or is said to be open', () => {
  expect(rows.length).toBeGreaterThan(30)
  expect(rows.filter((row) => !/\bopen\b/i.test(row) && !row.includes('`test/'))).toEqual([])
})
