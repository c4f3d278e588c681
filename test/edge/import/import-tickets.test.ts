import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ImportTickets, MOST_FINISHED_TICKETS, MOST_OPEN_TICKETS } from '../../../edge/import/import-tickets'
import { EdgeState } from '../../../edge/store/state'
import type { ImportTicket } from '../../../schemas/generated/types'

const ERROR = { error: 'PATIENT_UNKNOWN', reason: 'The hub has no patient of this MRN.' }
const mrn = (n: number) => `101${String(n).padStart(8, '0')}`

let folder: string
let state: EdgeState
let now: Date

const open = () => ImportTickets.open(state.part<ImportTicket>('imports'), () => now)
const later = (ms: number) => {
  now = new Date(now.getTime() + ms)
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lontar-tickets-'))
  state = await EdgeState.open(folder)
  now = new Date('2026-11-22T07:41:03.000Z')
})

afterEach(async () => {
  await state.stop()
  await rm(folder, { recursive: true })
})

test('refuses more open ones than anybody needs', async () => {
  const tickets = await open()
  await Promise.all(Array.from({ length: MOST_OPEN_TICKETS }, (_, n) => tickets.add({ mrn: mrn(n) })))
  await expect(tickets.add({ mrn: mrn(MOST_OPEN_TICKETS) })).rejects.toMatchObject({ code: 'OVERLOADED' })
  expect(await tickets.add({ mrn: mrn(0) })).toMatchObject({ mrn: mrn(0) })
})

test('the same asked again, even at the same moment, is the same ticket', async () => {
  const tickets = await open()
  const [a, b] = await Promise.all([tickets.add({ mrn: mrn(1) }), tickets.add({ mrn: mrn(1), purpose: 'TREAT' })])
  expect(b).toEqual(a)
  await tickets.start(a)
  expect(await tickets.add({ mrn: mrn(1) })).toMatchObject({ id: a.id, status: 'running' })
  expect(await tickets.list(10)).toHaveLength(1)
})

test('another purpose or reason is another ticket: both are audited', async () => {
  const tickets = await open()
  const ids = [
    await tickets.add({ mrn: mrn(1) }),
    await tickets.add({ mrn: mrn(1), purpose: 'BTG', reason: 'a' }),
    await tickets.add({ mrn: mrn(1), purpose: 'BTG', reason: 'b' }),
  ].map(({ id }) => id)
  expect(new Set(ids).size).toBe(3)
})

test('knows everybody who asked, each once, also while it runs', async () => {
  const siti = { name: 'siti', fullName: 'Siti Rahma' }
  const budi = { name: 'budi', fullName: 'Budi Santoso' }
  const tickets = await open()
  const first = await tickets.add({ mrn: mrn(1) }, siti)
  const running = await tickets.start(first)
  await tickets.add({ mrn: mrn(1) }, budi)
  await tickets.add({ mrn: mrn(1) }, siti)
  await tickets.finish(running, { resources: 7 })
  expect(await (await open()).get(first.id)).toMatchObject({ status: 'done', requestedBy: [siti, budi] })
})

test('cancels no import that has ended or that nobody asked for', async () => {
  const tickets = await open()
  const ticket = await tickets.add({ mrn: mrn(1) })
  await tickets.finish(ticket, { resources: 7 })
  await expect(tickets.cancel(ticket.id)).rejects.toMatchObject({ code: 'IMPORT_ENDED' })
  await expect(tickets.cancel('01J9ZK3V5N8Q2W4E6R8T0Y1U3I')).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test.each(['waiting', 'running'] as const)(
  'one that is %s is cancelled for good, whatever comes for it',
  async (status) => {
    const tickets = await open()
    const ticket = await tickets.add({ mrn: mrn(1) })
    const seen = status === 'running' ? await tickets.start(ticket) : ticket
    const siti = { name: 'siti', fullName: 'Siti Rahma' }
    expect(await tickets.cancel(ticket.id, siti)).toMatchObject({ status: 'cancelled', cancelledBy: siti })
    expect(tickets.isOpen(ticket.id)).toBe(false)
    await tickets.retryLater(seen, ERROR, { ms: 0, withAll: true })
    await tickets.finish(seen, { resources: 7 })
    expect(tickets.next()).toBeUndefined()
    const after = await open()
    expect(after.next()).toBeUndefined()
    expect(await after.get(ticket.id)).toMatchObject({ status: 'cancelled' })
  },
)

test('once it is finished, the same asked again is a new one', async () => {
  const tickets = await open()
  const first = await tickets.add({ mrn: mrn(1) })
  await tickets.finish(first, { resources: 7 })
  const second = await tickets.add({ mrn: mrn(1) })
  expect(second.id).not.toBe(first.id)
  expect(await tickets.get(first.id)).toMatchObject({ status: 'done', resources: 7 })
})

test('waits for its time, unless somebody asks again', async () => {
  const tickets = await open()
  const ticket = await tickets.start(await tickets.add({ mrn: mrn(1) }))
  await tickets.retryLater(ticket, ERROR, { ms: 5_000, withAll: false })
  expect(tickets.next()).toEqual({ kind: 'wait', ms: 5_000 })
  later(4_000)
  expect(tickets.next()).toEqual({ kind: 'wait', ms: 1_000 })
  later(1_000)
  expect(tickets.next()).toMatchObject({ kind: 'due' })
  await tickets.retryLater(ticket, ERROR, { ms: 5_000, withAll: false })
  await tickets.add({ mrn: mrn(1) })
  expect(tickets.next()).toMatchObject({ kind: 'due', ticket: { attempts: 1, lastError: ERROR } })
})

test('a clock that is set back does not make it wait for years', async () => {
  const tickets = await open()
  await tickets.retryLater(await tickets.add({ mrn: mrn(1) }), ERROR, { ms: 5_000, withAll: false })
  later(-365 * 86_400_000)
  expect(tickets.next()).toMatchObject({ kind: 'due' })
})

test('one that always fails holds up nobody', async () => {
  const tickets = await open()
  const first = await tickets.add({ mrn: mrn(1) })
  await tickets.retryLater(await tickets.start(first), ERROR, { ms: 0, withAll: false })
  await tickets.add({ mrn: mrn(2) })
  expect(tickets.next()).toMatchObject({ ticket: { mrn: mrn(2) } })
})

test('lists the newest first, and no more than it is asked for', async () => {
  const tickets = await open()
  for (let n = 0; n < 5; n++) {
    await tickets.add({ mrn: mrn(n) })
    later(1)
  }
  const page = await tickets.list(3)
  expect(page.map((ticket) => ticket.mrn)).toEqual([mrn(4), mrn(3), mrn(2)])
  expect((await tickets.list(3, page.at(-1)?.id)).map((ticket) => ticket.mrn)).toEqual([mrn(1), mrn(0)])
})

test('forgets the oldest finished one beyond the bound, and never an open one', async () => {
  const tickets = await open()
  const waiting = await tickets.add({ mrn: mrn(0) })
  const finished: string[] = []
  for (let n = 1; n <= MOST_FINISHED_TICKETS + 2; n++) {
    later(1)
    const ticket = await tickets.add({ mrn: mrn(n) })
    await tickets.finish(ticket, { error: ERROR })
    finished.push(ticket.id)
  }
  expect(await tickets.list(5_000)).toHaveLength(MOST_FINISHED_TICKETS + 1)
  expect(await tickets.get(finished[1] ?? '')).toBeUndefined()
  expect(await tickets.get(finished[2] ?? '')).toMatchObject({ status: 'failed', lastError: ERROR })
  expect(await tickets.get(waiting.id)).toMatchObject({ status: 'waiting' })
})

test('after a restart nothing is lost, and what ran or waited is due', async () => {
  const before = await open()
  const running = await before.start(await before.add({ mrn: mrn(1) }))
  const waiting = await before.start(await before.add({ mrn: mrn(2) }))
  await before.retryLater(waiting, ERROR, { ms: 3_600_000, withAll: false })
  await before.finish(await before.add({ mrn: mrn(3) }), { resources: 1 })
  const after = await open()
  expect(await after.get(running.id)).toMatchObject({ status: 'waiting', attempts: 1 })
  expect(await after.get(waiting.id)).toMatchObject({ status: 'waiting', lastError: ERROR })
  expect(after.next()).toMatchObject({ kind: 'due' })
  expect((await after.list(10)).map(({ status }) => status).sort()).toEqual(['done', 'waiting', 'waiting'])
})

test('kill -9 after the answer loses nothing (law 3)', async () => {
  await state.stop()
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'kept-tickets.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [id] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
  child.kill('SIGKILL')
  await once(child, 'exit')
  state = await EdgeState.open(folder)
  const tickets = await open()
  expect(await tickets.get(id)).toMatchObject({
    mrn: '10100000042',
    purpose: 'BTG',
    reason: 'pingsan',
    status: 'waiting',
  })
  expect(tickets.next()).toMatchObject({ kind: 'due' })
})
