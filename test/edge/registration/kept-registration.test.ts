import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  KeptRegistrationError,
  keepRegistration,
  newRegistration,
  openKeptRegistration,
} from '../../../edge/registration/kept-registration'
import { temporaryFolder } from '../../support/processes'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let warned: unknown[]
const log = { warn: (...words: unknown[]) => void warned.push(words) }
const file = () => join(folder.path, 'credentials.json')
const open = (path = file(), externalId = '101') => openKeptRegistration(path, externalId, log)
const modeOf = async (path: string) => (await stat(path)).mode & 0o777

beforeEach(async () => {
  folder = await temporaryFolder()
  warned = []
})
afterEach(() => folder.remove())

test.each([0o644, 0o640, 0o604, 0o666, 0o660, 0o622])(
  'a file of mode %o is closed to others, and it is said',
  async (mode) => {
    const kept = await open()
    await chmod(file(), mode)
    expect(await open()).toEqual(kept)
    expect(await modeOf(file())).toBe(0o600)
    expect(warned).toEqual([[{ mode: mode.toString(8) }, expect.stringContaining('lontar hub rotate --now')]])
    expect(JSON.stringify(warned)).not.toContain(kept.claim)
    await open()
    expect(warned).toHaveLength(1)
  },
)

test('a file that can not be closed to others is not used, and is left as it is', async () => {
  // Nobody may change the mode of it, not even root.
  const failed = open('/proc/self/cmdline')
  await expect(failed).rejects.toThrow(KeptRegistrationError)
  await expect(failed).rejects.toThrow(/can not be closed to them\. .* chmod 600/)
})

test('is made for its owner alone, whatever the process lets others do', async () => {
  const before = process.umask(0)
  try {
    const path = join(folder.path, 'new', 'credentials.json')
    const kept = await open(path)
    await keepRegistration(path, { ...kept, status: 'pending' })
    expect([await modeOf(path), await modeOf(join(folder.path, 'new'))]).toEqual([0o600, 0o700])
  } finally {
    process.umask(before)
  }
})

test('what a crash left of an earlier write is cleared away, and nothing else', async () => {
  const kept = await open()
  for (const name of ['credentials.json.5f0c.draft', 'credentials.json.backup', 'other.5f0c.draft']) {
    await writeFile(join(folder.path, name), JSON.stringify(newRegistration('101')), { mode: 0o600 })
  }
  await mkdir(join(folder.path, 'ehr'))
  expect(await open()).toEqual(kept)
  const names = ['credentials.json', 'credentials.json.backup', 'ehr', 'other.5f0c.draft']
  expect((await readdir(folder.path)).sort()).toEqual(names)
})

test('while it is replaced again and again, whoever reads it finds one whole registration', async () => {
  const kept = await open()
  let isOver = false
  const writing = (async () => {
    for (let round = 0; round < 200; round++) {
      await keepRegistration(file(), { ...kept, reason: String(round).repeat(100) })
    }
    isOver = true
  })()
  let reads = 0
  for (; !isOver; reads++) {
    expect(JSON.parse(await readFile(file(), 'utf8'))).toMatchObject({ claim: kept.claim })
    expect(await modeOf(file())).toBe(0o600)
  }
  await writing
  expect(reads).toBeGreaterThan(10)
})
