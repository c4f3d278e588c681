import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unlessUnchanged } from '../../scripts/unchanged'

describe('a slow step of the build', () => {
  let folder: string
  let runs: number
  const run = () =>
    unlessUnchanged('step', [join(folder, 'input')], [join(folder, 'generated/output')], () => {
      runs += 1
      writeFileSync(join(folder, 'generated/output'), 'x')
    })

  beforeEach(async () => {
    runs = 0
    folder = mkdtempSync(join(tmpdir(), 'lontar-build-'))
    mkdirSync(join(folder, 'input'))
    writeFileSync(join(folder, 'input/a'), '1')
    expect(await run()).toBe('built')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test.each<[string, () => void]>([
    ['an input has changed', () => writeFileSync(join(folder, 'input/a'), '2')],
    ['an input was added', () => writeFileSync(join(folder, 'input/b'), '')],
    ['an input is gone', () => rmSync(join(folder, 'input/a'))],
    ['its output is gone', () => rmSync(join(folder, 'generated/output'))],
  ])('runs again when %s', async (_what, change) => {
    change()
    expect(await run()).toBe('built')
    expect(runs).toBe(2)
  })

  test('does not run again when nothing has changed', async () => {
    expect(await run()).toBe('unchanged')
    expect(runs).toBe(1)
  })

  test('runs again after it failed', async () => {
    writeFileSync(join(folder, 'input/a'), '2')
    const fail = () => {
      throw new Error('broken schema')
    }
    const failing = unlessUnchanged('step', [join(folder, 'input')], [join(folder, 'generated/output')], fail)
    await expect(failing).rejects.toThrow('broken schema')
    expect(await run()).toBe('built')
  })
})
