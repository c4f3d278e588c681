import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The fixtures of a folder below test/schemas/fixtures, as rows of a table of tests: name and content. */
export function fixtures<T>(folder: string): [name: string, content: T][] {
  const path = join(__dirname, 'fixtures', folder)
  return readdirSync(path).map((file) => [
    file.replace('.json', '').replaceAll('-', ' '),
    JSON.parse(readFileSync(join(path, file), 'utf8')),
  ])
}
