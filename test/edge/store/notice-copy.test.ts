import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { ROOM } from '../../../edge/store/mrn-counter'
import { noticeCopy } from '../../../edge/store/notice-copy'
import { EdgeState } from '../../../edge/store/state'
import { Random } from '../../../scripts/made-up/random'
import { mintingEdge } from './minting-edge'
import { newFolder, remove } from './opened'

const OTHER_STEPS = ['backup', 'restore', 'copy over', 'sync back', 'restart', 'new machine'] as const

let base: string
const at = (name: string) => join(base, name)
beforeEach(() => {
  base = newFolder()
})
afterEach(() => remove(base))

/** Starts the edge's parts that give out MRNs, does something, stops them. */
async function within<T>(
  name: string,
  work: (edge: Awaited<ReturnType<typeof mintingEdge>>) => Promise<T>,
): Promise<T> {
  const edge = await mintingEdge(at(name))
  try {
    return await work(edge)
  } finally {
    await edge.close()
  }
}
const isUncertain = (name: string) => within(name, ({ counter }) => counter.isUncertain())
const mint = (name: string, count: number) => within(name, ({ counter }) => counter.mint(count))
const copy = (from: string, to: string) => cpSync(at(from), at(to), { recursive: true, preserveTimestamps: true })

function replace(name: string, by: string): void {
  rmSync(at(name), { recursive: true, force: true })
  copy(by, name)
}

/** As `rsync -a --delete` does: what has the same size and time is left alone. */
function synced(from: string, to: string): void {
  for (const name of readdirSync(to)) {
    if (!readdirSync(from).includes(name)) rmSync(join(to, name), { recursive: true })
  }
  for (const name of readdirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)]
    const [is, was] = [statSync(source), statSync(target, { throwIfNoEntry: false })]
    if (is.isDirectory() && was) synced(source, target)
    else if (is.size !== was?.size || Math.abs(is.mtimeMs - was.mtimeMs) > 2) {
      rmSync(target, { force: true })
      cpSync(source, target, { recursive: true, preserveTimestamps: true })
    }
  }
}

describe('a copy gives out nothing before the hub has answered', () => {
  beforeEach(async () => {
    await mint('edge', 40)
    copy('edge', 'backup')
    await mint('edge', 17)
  })

  test.each([
    ['put back in an empty place', () => replace('edge', 'backup')],
    ['put back by rsync', () => synced(at('backup'), at('edge'))],
    ['the state alone', () => replace('edge/state', 'backup/state')],
    ['without the folder of the identity', () => rmSync(at('edge/identity'), { recursive: true })],
    ['a touched file, after a snapshot', () => touch(at('edge/identity'))],
    ['a chmod, which is none', () => chmodAll(at('edge/identity'))],
  ])('%s', async (_how, put) => {
    put()
    await expect(mint('edge', 1)).rejects.toMatchObject({ code: 'MRN_UNCERTAIN' })
    expect(await isUncertain('edge')).toBe(true)
    const given = await within('edge', async ({ counter }) => {
      expect(await counter.hear(57)).toBe('tell')
      expect(await counter.hear(await counter.last())).toBe('settled')
      return counter.mint(1)
    })
    expect(given).toEqual([expect.stringContaining(String(58 + ROOM).padStart(7, '0'))])
    expect(await isUncertain('edge')).toBe(false)
  })

  test('a backup copied over what is there, of which LevelDB reads the newest log: nothing is given out twice', async () => {
    // The last run gave out nothing, so that the counter is in no newer log than the backup's but for what a start writes.
    await isUncertain('edge')
    copy('backup', 'edge')
    const given = await mint('edge', 1).catch(refusedAsUncertain)
    expect(given).toEqual([expect.stringContaining('0000058')])
  })

  test('put back twice before the hub was told of anything: both get numbers of their own', async () => {
    let floor = 57
    const given: string[] = []
    for (let time = 0; time < 2; time++) {
      replace('edge', 'backup')
      await within('edge', async ({ counter }) => {
        await counter.hear(floor)
        given.push(...(await counter.mint(1).catch(refusedAsUncertain)))
        floor = Math.max(floor, await counter.last())
        await counter.hear(floor)
        given.push(...(await counter.mint(5)))
      })
    }
    expect(given).toHaveLength(10)
    expect(new Set(given).size).toBe(10)
  })

  test('the copy of a copy that was raised is a copy again', async () => {
    copy('backup', 'other')
    await within('other', ({ counter }) => counter.hear(57))
    copy('other', 'third')
    expect(await within('third', ({ counter }) => counter.hear(57 + ROOM))).toBe('tell')
  })

  test('a state that was lost, beside a store that was not', async () => {
    rmSync(at('edge/state'), { recursive: true })
    const edge = await mintingEdge(at('edge'), async () => true)
    expect(await edge.counter.isUncertain()).toBe(true)
    await edge.close()
  })
})

describe('is no copy', () => {
  test('a new folder: it mints at once', async () => {
    expect(await mint('edge', 1)).toHaveLength(1)
  })

  test('a folder that is started again, was moved, or was left by a kill between two steps', async () => {
    await mint('edge', 3)
    renameSync(at('edge'), at('moved'))
    expect(await isUncertain('moved')).toBe(false)
    // A new file that the state does not name yet, or an old one that was not removed.
    writeFileSync(at('moved/identity/another'), '')
    expect(await isUncertain('moved')).toBe(false)
    expect(readdirSync(at('moved/identity'))).toHaveLength(1)
  })

  test('nothing is renewed where the doubt could not be stored', async () => {
    await mint('edge', 3)
    copy('edge', 'copied')
    const state = await EdgeState.open(at('copied'))
    const parts = {
      hasPast: async () => true,
      onCopy: () => Promise.reject(new Error('the disk is full')),
      alongside: async () => [],
    }
    await expect(noticeCopy(at('copied'), state, parts)).rejects.toThrow('full')
    await state.stop()
    expect(await isUncertain('copied')).toBe(true)
  })
})

test('kill -9 at any moment: no number twice, and no doubt of its own folder', async () => {
  const seed = Number(process.env['SEED'] ?? 101)
  const random = new Random(seed)
  const given: string[] = []
  for (let kill = 0; kill < 8; kill++) {
    const script = join(__dirname, 'minting-edge.ts')
    const child = spawn(process.execPath, ['--import', 'tsx', script, at('edge')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
    await once(child.stdout, 'data')
    await new Promise((resume) => setTimeout(resume, random.whole(0, 80)))
    child.kill('SIGKILL')
    await once(child, 'close')
    given.push(...said.split('\n').filter((line) => line.startsWith('101') && line.length === 11))
  }
  expect(given.length).toBeGreaterThan(0)
  expect({ seed, twice: given.length - new Set(given).size }).toEqual({ seed, twice: 0 })
  expect(await isUncertain('edge')).toBe(false)
}, 120_000)

test('law of section 3: whatever is backed up, put back, cloned and told, no number is given out twice', async () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('mint' as const), count: fc.integer({ min: 1, max: 30 }) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom(...OTHER_STEPS) }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('link' as const), answers: fc.integer({ min: 1, max: 3 }) }),
    },
  )
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 16 }), async (steps) => {
      run++
      const [edge, backup] = [`edge-${run}`, `backup-${run}`]
      const given: string[] = []
      let floor = 0
      let isBackedUp = false
      let isAccepted = true
      for (const one of steps) {
        switch (one.kind) {
          case 'mint':
            // A new machine is not used before it is accepted; a refusal is what the rest is about.
            if (isAccepted) given.push(...(await mint(edge, one.count).catch(refusedAsUncertain)))
            break
          case 'link':
            await within(edge, async ({ counter }) => {
              for (let answer = 0; answer < one.answers; answer++) {
                floor = Math.max(floor, await counter.last())
                await counter.hear(floor)
              }
            })
            isAccepted = true
            break
          case 'backup':
            await isUncertain(edge)
            replace(backup, edge)
            isBackedUp = true
            break
          case 'restore':
            if (isBackedUp) replace(edge, backup)
            break
          case 'copy over':
            if (isBackedUp) copy(backup, edge)
            break
          case 'sync back':
            await isUncertain(edge)
            if (isBackedUp) synced(at(backup), at(edge))
            break
          case 'new machine':
            // Of numbers that were given out before the first link nobody else knows.
            if (floor === 0) break
            rmSync(at(edge), { recursive: true, force: true })
            isAccepted = false
            break
          case 'restart':
            await isUncertain(edge)
        }
      }
      expect(given.length - new Set(given).size).toBe(0)
    }),
    { seed: Number(process.env['SEED'] ?? 101), numRuns: 60 },
  )
}, 180_000)

function refusedAsUncertain(error: unknown): string[] {
  if ((error as { code?: unknown }).code === 'MRN_UNCERTAIN') return []
  throw error
}

function touch(folder: string): void {
  for (const name of readdirSync(folder)) utimesSync(join(folder, name), new Date(), new Date())
}

function chmodAll(folder: string): void {
  for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o640)
}
