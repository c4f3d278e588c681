import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFileIfThere, writeFileAtomically } from '../../runtime/atomic-file'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lontar-file-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('two writes of one file at the same moment both succeed, and one of them stands whole', async () => {
  const path = join(folder, 'credentials.json')
  const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(100_000 - index * 1_000))
  await Promise.all(texts.map((text) => writeFileAtomically(path, text)))
  expect(texts).toContain(await readFile(path, 'utf8'))
  expect(await readdir(folder)).toEqual(['credentials.json'])
})

test('is for nobody but the owner', async () => {
  const path = join(folder, 'below', 'secret')
  await writeFileAtomically(path, 'x')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readFileIfThere(path)).toBe('x')
  expect(await readFileIfThere(`${path}-other`)).toBeUndefined()
})

test('a write that fails leaves no draft behind', async () => {
  const path = join(folder, 'taken')
  await mkdir(join(path, 'by-a-folder'), { recursive: true })
  await expect(writeFileAtomically(path, 'x')).rejects.toThrow()
  expect(await readdir(folder)).toEqual(['taken'])
})
