import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { ROOM } from '../../../edge/store/mrn-counter'
import { MAX_COUNTER, mrnOf } from '../../../protocol/mrn'
import { newFolder, type Opened, opened, put, record, remove } from './opened'

const mrn = (counter: number) => mrnOf('101', counter)

let edge: Opened
beforeEach(async () => {
  edge = await opened(newFolder())
})
afterEach(async () => {
  await edge.close()
  remove(edge.folder)
})

async function reopen(): Promise<void> {
  await edge.close()
  edge = await opened(edge.folder)
}

test('refuses to mint past the last number, and hands out none of that request', async () => {
  await raisedAbove(MAX_COUNTER - ROOM - 1)
  await expect(edge.counter.mint(2)).rejects.toMatchObject({ code: 'MRN_EXHAUSTED' })
  expect(await edge.counter.mint(1)).toEqual([mrn(MAX_COUNTER)])
  await expect(edge.counter.mint(1)).rejects.toMatchObject({ code: 'MRN_EXHAUSTED' })
})

test('never mints a number twice, asked at the same time or after a restart', async () => {
  const minted = (await Promise.all([1, 3, 1, 2].map((count) => edge.counter.mint(count)))).flat()
  await reopen()
  minted.push(...(await edge.counter.mint(3)))
  expect(new Set(minted).size).toBe(10)
  expect(minted).toContain(mrn(10))
})

describe('what the hub says', () => {
  const UNCERTAIN = { code: 'MRN_UNCERTAIN', status: 503 }

  test('a floor that is not above its own changes nothing', async () => {
    await edge.counter.mint(5)
    for (const floor of [0, 3, 5]) expect(await edge.counter.hear(floor)).toBe('settled')
    expect(await edge.counter.mint(1)).toEqual([mrn(6)])
  })

  test('a floor above its own: somebody else gave them out; none is minted until the hub knows of the room left', async () => {
    await edge.counter.mint(5)
    expect(await edge.counter.hear(100)).toBe('tell')
    await expect(edge.counter.mint(1)).rejects.toMatchObject(UNCERTAIN)
    expect(await edge.counter.last()).toBe(100 + ROOM)
    expect(await edge.counter.hear(100)).toBe('tell')
    await expect(edge.counter.mint(1)).rejects.toMatchObject(UNCERTAIN)
    expect(await edge.counter.hear(100 + ROOM)).toBe('settled')
    expect(await edge.counter.mint(1)).toEqual([mrn(101 + ROOM)])
  })

  test.each([0, 3, 5, 7])(
    'a doubt stays over restarts, until the hub has said %i and heard the answer',
    async (floor) => {
      await edge.counter.mint(5)
      await edge.counter.doubt()
      await reopen()
      await expect(edge.counter.mint(1)).rejects.toMatchObject(UNCERTAIN)
      // An answer of an earlier run is none of this one.
      await edge.counter.heardBefore(5)
      await expect(edge.counter.mint(1)).rejects.toMatchObject(UNCERTAIN)
      expect(await edge.counter.hear(floor)).toBe('tell')
      await reopen()
      await expect(edge.counter.mint(1)).rejects.toMatchObject(UNCERTAIN)
      const raised = Math.max(5, floor) + ROOM
      expect(await edge.counter.last()).toBe(raised)
      expect(await edge.counter.hear(raised)).toBe('settled')
      await reopen()
      expect(await edge.counter.isUncertain()).toBe(false)
      expect(await edge.counter.mint(1)).toEqual([mrn(raised + 1)])
    },
  )

  test('a floor that was heard just before a kill is not forgotten', async () => {
    await edge.counter.mint(5)
    await edge.counter.heardBefore(5)
    expect(await edge.counter.isUncertain()).toBe(false)
    await edge.counter.heardBefore(6)
    expect(await edge.counter.isUncertain()).toBe(true)
  })

  test('counts what the hub was not told', async () => {
    await edge.counter.mint(5)
    expect(edge.counter.untold).toBe(0)
    await edge.counter.hear(2)
    expect(edge.counter.untold).toBe(3)
    await edge.counter.mint(4)
    expect(edge.counter.untold).toBe(7)
    await edge.counter.hear(9)
    expect(edge.counter.untold).toBe(0)
  })

  test('a room beyond the last number ends at it', async () => {
    await raisedAbove(MAX_COUNTER - 3)
    await expect(edge.counter.mint(1)).rejects.toMatchObject({ code: 'MRN_EXHAUSTED' })
  })
})

test('passes over numbers that the store knows', async () => {
  await put(
    edge.store,
    record({ partition: mrn(1), type: 'Patient' }),
    record({ partition: mrn(2), type: 'Observation', local: 'a' }),
  )
  await edge.counter.hear(0)
  expect(await edge.counter.mint(1)).toEqual([mrn(3)])
})

test('after the state was lost it goes on above the highest number ever given, deleted patients among them', async () => {
  await put(edge.store, record({ partition: mrn(7), type: 'Patient' }), record({ partition: mrn(3), type: 'Patient' }))
  const found = await edge.store.get(`${mrn(7)}:Patient`)
  if (found.kind !== 'present') throw new Error('not there')
  await edge.store.write(async () => [{ id: `${mrn(7)}:Patient`, document: undefined, expectedRev: found.rev }])
  await edge.close()
  rmSync(join(edge.folder, 'state'), { recursive: true })
  edge = await opened(edge.folder)
  expect(await edge.counter.mint(1)).toEqual([mrn(8)])
})

/** As a hub does that was told `floor` by another machine. */
async function raisedAbove(floor: number): Promise<void> {
  await edge.counter.hear(floor)
  expect(await edge.counter.hear(await edge.counter.last())).toBe('settled')
}
