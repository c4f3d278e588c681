import { rename } from 'node:fs/promises'
import { DiskWatch } from '../../../edge/store/disk-watch'
import { createLog } from '../../../runtime/log'
import { newFolder, remove } from './opened'

let folder: string
let watch: DiskWatch
let isBack: Promise<void>
beforeEach(() => {
  folder = newFolder()
  isBack = new Promise((onBack) => {
    watch = new DiskWatch({ folder, onBack, log: createLog('edge', 'silent'), tryEveryMs: 20 })
  })
})
afterEach(async () => {
  await watch.stop()
  remove(folder)
})

test.each([
  new Error('IO error: /x/000011.ldb: No space left on device'),
  Object.assign(new Error('x'), { code: 'LEVEL_IO_ERROR' }),
  Object.assign(new Error('x'), { code: 'ENOSPC' }),
  new Error('Database failed', { cause: new Error('IO error: x') }),
])('%p is told as what it is, and nothing is ready from then on', async (error) => {
  expect(() => watch.refuseIfFailed()).not.toThrow()
  expect(watch.explained(error)).toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
  expect(() => watch.refuseIfFailed()).toThrow(expect.objectContaining({ code: 'DATABASE_UNAVAILABLE' }))
})

test('is told by what has no caller, and has a sentence for people from then on', async () => {
  watch.notice(new Error('a bug'))
  expect(watch.attention).toBeUndefined()
  watch.notice(new Error('IO error: No space left on device'))
  expect(watch.attention).toMatch(/disk/)
  expect(() => watch.refuseIfFailed()).toThrow(expect.objectContaining({ code: 'DATABASE_UNAVAILABLE' }))
})

test.each([new Error('a bug'), undefined, 'text', Object.assign(new Error('x'), { status: 404 })])(
  'leaves %p as it is',
  (error) => {
    expect(watch.explained(error)).toBe(error)
    expect(() => watch.refuseIfFailed()).not.toThrow()
  },
)

test('says once when the disk takes writes again', async () => {
  await rename(folder, `${folder}-away`)
  let times = 0
  void isBack.then(() => times++)
  watch.explained(new Error('IO error: gone'))
  watch.explained(new Error('IO error: gone'))
  expect(times).toBe(0)
  await rename(`${folder}-away`, folder)
  await isBack
  expect(times).toBe(1)
})

test('stops while the disk is away', async () => {
  await rename(folder, `${folder}-away`)
  watch.explained(new Error('IO error: gone'))
  await watch.stop()
  await watch.stop()
  await rename(`${folder}-away`, folder)
})
