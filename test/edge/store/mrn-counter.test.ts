import { rmSync } from 'node:fs'
import { join } from 'node:path'
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
  await edge.counter.raiseTo(MAX_COUNTER - 1)
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

test('a lower floor changes nothing, a higher one lifts the next number', async () => {
  await edge.counter.mint(5)
  await edge.counter.raiseTo(3)
  expect(await edge.counter.mint(1)).toEqual([mrn(6)])
  await edge.counter.raiseTo(100)
  expect(await edge.counter.mint(1)).toEqual([mrn(101)])
})

test('passes over numbers that the store knows', async () => {
  await put(
    edge.store,
    record({ partition: mrn(1), type: 'Patient' }),
    record({ partition: mrn(2), type: 'Observation', local: 'a' }),
  )
  await edge.counter.raiseTo(0)
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
