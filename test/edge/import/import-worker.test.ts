import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { pino } from 'pino'
import { type ImportSigner, MOST_ANSWER_BYTES } from '../../../edge/import/fetch-record'
import { ImportTickets } from '../../../edge/import/import-tickets'
import { ImportWorker, type ImportWorkerOptions } from '../../../edge/import/import-worker'
import { EdgeState } from '../../../edge/store/state'
import type { ImportTicket, RecordDocument } from '../../../schemas/generated/types'
import { type HubOfFakes, record, startHubOfFakes } from '../../hub/import/hub-of-fakes'

const MRN = '10100000042'

let folder: string
let state: EdgeState
let tickets: ImportTickets
let hub: HubOfFakes
let copies: RecordDocument[]
let signer: ImportSigner | undefined
let worker: ImportWorker | undefined
let servers: Server[]
let accessRefused: number
let faults: unknown[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lontar-import-'))
  state = await EdgeState.open(folder)
  tickets = await ImportTickets.open(state.part<ImportTicket>('imports'))
  hub = await startHubOfFakes()
  hub.records = [record('101', MRN, 'Patient'), record('101', MRN, 'Observation', '01A')]
  signer = { hubUrl: hub.url, hubId: 'hub-1', nodeName: 'node-102', nodePassword: hub.nodePassword }
  copies = []
  servers = []
  accessRefused = 0
  faults = []
})

afterEach(async () => {
  await worker?.stop()
  worker = undefined
  await hub.stop()
  for (const server of servers) server.close().closeAllConnections()
  await state.stop()
  await rm(folder, { recursive: true })
})

function work(options: Partial<ImportWorkerOptions> = {}): ImportWorker {
  worker = new ImportWorker({
    externalId: '102',
    tickets,
    signer: () => signer,
    writeCopies: async (documents) => void copies.push(...documents),
    onAccessRefused: () => {
      accessRefused += 1
    },
    onFault: (error) => faults.push(error),
    log: pino({ level: 'silent' }),
    pace: { link: { firstMs: 10, mostMs: 20 }, patience: { firstMs: 10, mostMs: 20 }, stalledMs: 300 },
    ...options,
  })
  return worker
}

/** A server that answers as it is told, instead of the hub. */
async function instead(listener: RequestListener): Promise<void> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  if (signer) signer = { ...signer, hubUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

async function ticketThat(id: string, isSo: (ticket: ImportTicket) => boolean): Promise<ImportTicket> {
  for (;;) {
    const ticket = await tickets.get(id)
    if (ticket && isSo(ticket)) return ticket
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const isFinished = ({ status }: ImportTicket) => status === 'done' || status === 'failed'
const waitsFor = (code: string) => (ticket: ImportTicket) =>
  ticket.status === 'waiting' && ticket.lastError?.error === code

async function importing(mrn = MRN): Promise<ImportTicket> {
  const ticket = await tickets.add({ mrn })
  worker?.wake()
  return ticket
}

const goBackToHub = () => {
  if (signer) signer = { ...signer, hubUrl: hub.url }
  worker?.retryNow()
}

test('what is cancelled while it runs is broken off, and holds up no other one', async () => {
  const asked: string[] = []
  let arrived: (() => void) | undefined
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve
  })
  // Answers nobody.
  await instead((request) => {
    asked.push(request.url ?? '')
    arrived?.()
  })
  work({ pace: { stalledMs: 60_000 } })
  const { id } = await importing()
  await arrival
  await tickets.cancel(id)
  worker?.drop(id)
  goBackToHub()
  const other = await tickets.add({ mrn: MRN, purpose: 'ETREAT' })
  worker?.wake()
  expect(await ticketThat(other.id, isFinished)).toMatchObject({ status: 'done' })
  expect(await tickets.get(id)).toMatchObject({ status: 'cancelled' })
  expect(asked).toHaveLength(1)
})

describe('gives up what will not be otherwise', () => {
  test('a purpose that the hub does not take', async () => {
    work()
    const { id } = await tickets.add({ mrn: MRN, purpose: 'CURIOSITY' })
    worker?.wake()
    expect(await ticketThat(id, isFinished)).toMatchObject({
      status: 'failed',
      lastError: { error: 'PURPOSE_INVALID' },
      attempts: 1,
    })
    expect(copies).toEqual([])
  })

  test('a key that is refused three times, having asked for a newer one', async () => {
    if (signer) signer = { ...signer, nodePassword: 'x' }
    work()
    const { id } = await importing()
    const ticket = await ticketThat(id, isFinished)
    expect(ticket).toMatchObject({ status: 'failed', lastError: { error: 'SIGNATURE_INVALID' }, attempts: 3 })
    expect(accessRefused).toBe(2)
  })

  test('a patient whom the hub does not know after a day', async () => {
    hub.records = []
    let now = Date.now()
    tickets = await ImportTickets.open(state.part<ImportTicket>('imports'), () => new Date(now))
    const { id } = await tickets.add({ mrn: MRN })
    now += 86_400_001
    work({ now: () => new Date(now) })
    // The hub's clock says that it is yesterday: that is corrected, and is not the day that the patient was waited for.
    expect(await ticketThat(id, isFinished)).toMatchObject({
      status: 'failed',
      lastError: { error: 'PATIENT_UNKNOWN' },
    })
  })

  test('an answer that unpacks to more than is kept in memory', async () => {
    const bomb = gzipSync(Buffer.alloc(MOST_ANSWER_BYTES + 1, ' '))
    await instead((_request, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb))
    work({ pace: { stalledMs: 5_000 } })
    const { id } = await importing()
    expect(await ticketThat(id, isFinished)).toMatchObject({ status: 'failed', lastError: { error: 'BODY_TOO_LARGE' } })
  })
})

describe('waits, and goes on by itself', () => {
  test('without data access nothing is asked', async () => {
    const granted = signer
    signer = undefined
    work()
    const { id } = await importing()
    expect(await tickets.get(id)).toMatchObject({ status: 'waiting', attempts: 0 })
    signer = granted
    worker?.retryNow()
    expect(await ticketThat(id, isFinished)).toMatchObject({ status: 'done', attempts: 1 })
  })

  test.each<[string, RequestListener]>([
    ['nobody answers', (request) => request.socket.destroy()],
    [
      'a captive portal redirects',
      (_, response) => response.writeHead(302, { Location: 'http://login.example/' }).end(),
    ],
    ['a captive portal answers', (_, response) => response.end('<html>Please pay</html>')],
    ['a captive portal refuses', (_, response) => response.writeHead(403).end('<html>')],
    ['a proxy has no hub behind it', (_, response) => response.writeHead(502).end('Bad Gateway')],
    ['the answer is another patient', (_, response) => response.end(JSON.stringify(strangersBundle))],
    [
      'the answer is cut',
      (_, response) => response.writeHead(200, { 'Content-Length': 999 }).write('{') && response.destroy(),
    ],
    ['the answer stalls', (_, response) => void response.writeHead(200).write('{"resourceType":')],
    ['nothing is ever said', () => undefined],
    [
      'a packed answer is cut',
      (_, response) =>
        void response
          .writeHead(200, { 'Content-Encoding': 'gzip' })
          .write(gzipSync('{}').subarray(0, 9), () => response.destroy()),
    ],
    [
      'what is packed is broken',
      (_, response) => response.writeHead(200, { 'Content-Encoding': 'br' }).end('not brotli'),
    ],
  ])('%s', async (_what, listener) => {
    await instead(listener)
    work()
    const { id } = await importing()
    await ticketThat(id, waitsFor('HUB_UNREACHABLE'))
    expect(copies).toEqual([])
    goBackToHub()
    expect(await ticketThat(id, isFinished)).toMatchObject({ status: 'done' })
  })

  const strangersBundle = { resourceType: 'Bundle', type: 'searchset', entry: [] }

  test('a patient whose facility has not sent him yet; others go on meanwhile', async () => {
    work()
    const unknown = await importing('10100000067')
    await ticketThat(unknown.id, waitsFor('PATIENT_UNKNOWN'))
    const known = await importing()
    await ticketThat(known.id, isFinished)
    hub.records.push(record('101', '10100000067', 'Patient'))
    expect(await ticketThat(unknown.id, isFinished)).toMatchObject({ status: 'done', resources: 1 })
  })

  test.each([
    ['NODE_SUSPENDED', () => ({ ...hub.node, state: 'suspended' as const })],
    ['DATA_ACCESS_REQUIRED', () => ({ ...hub.node, dataAccess: { status: 'pending' as const } })],
  ])('%s, until the operator decides otherwise', async (code, refused) => {
    const active = hub.node
    hub.node = refused()
    work()
    const { id } = await importing()
    await ticketThat(id, waitsFor(code))
    expect(accessRefused).toBeGreaterThan(0)
    hub.node = active
    worker?.retryNow()
    expect(await ticketThat(id, isFinished)).toMatchObject({ status: 'done' })
  })

  test('as long as Retry-After says, whatever happens', async () => {
    const times: number[] = []
    await instead((_request, response) => {
      times.push(performance.now())
      const body = JSON.stringify({ error: 'OVERLOADED', reason: 'Too much at once.' })
      response.writeHead(503, { 'Retry-After': '1', 'Content-Type': 'application/json' }).end(body)
      if (times.length === 1) setTimeout(() => worker?.retryNow(), 50)
    })
    work()
    const { id } = await importing()
    await ticketThat(id, ({ attempts }) => attempts === 2)
    await ticketThat(id, waitsFor('OVERLOADED'))
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(990)
  })

  test('a disk that is full here', async () => {
    let isFull = true
    work({
      writeCopies: async (documents) => {
        if (isFull) throw new Error('ENOSPC')
        copies.push(...documents)
      },
    })
    const { id } = await importing()
    await ticketThat(id, waitsFor('INTERNAL'))
    expect(faults[0]).toEqual(new Error('ENOSPC'))
    isFull = false
    expect(await ticketThat(id, isFinished)).toMatchObject({ status: 'done' })
  })
})

describe('a wrong clock', () => {
  test('corrects itself once by the hub and stays so', async () => {
    work({ now: () => new Date(Date.now() - 7 * 86_400_000) })
    const first = await importing()
    expect(await ticketThat(first.id, isFinished)).toMatchObject({ status: 'done', attempts: 1 })
    const second = await importing('10100000067')
    hub.records.push(record('101', '10100000067', 'Patient'))
    await ticketThat(second.id, isFinished)
    expect(hub.audit.filter(({ code }) => code === 'CLOCK_SKEW')).toHaveLength(1)
  })

  test('is not corrected for ever by a hub that contradicts itself', async () => {
    let asked = 0
    await instead((_request, response) => {
      asked += 1
      const coding = [{ system: 'https://lontar.health/error-code', code: 'CLOCK_SKEW' }]
      const body = JSON.stringify({ resourceType: 'OperationOutcome', issue: [{ details: { coding, text: 'Late.' } }] })
      response.writeHead(401, { 'Content-Type': 'application/fhir+json' }).end(body)
    })
    work({ pace: { link: { firstMs: 60_000, mostMs: 60_000 } }, random: () => 1 })
    const { id } = await importing()
    await ticketThat(id, waitsFor('CLOCK_SKEW'))
    expect(asked).toBe(2)
  })
})

describe('a record', () => {
  test('is kept before the ticket says so', async () => {
    const statuses: (string | undefined)[] = []
    const { id } = await tickets.add({ mrn: MRN, purpose: 'BTG', reason: 'pingsan — IGD' })
    work({
      writeCopies: async (documents) => {
        statuses.push((await tickets.get(id))?.status)
        copies.push(...documents)
      },
    })
    const ticket = await ticketThat(id, isFinished)
    expect(statuses).toEqual(['running'])
    expect(ticket).toMatchObject({ status: 'done', resources: 2 })
    expect(ticket).not.toHaveProperty('lastError')
    expect(copies.map(({ _id, imported }) => [_id, imported?.facility])).toEqual([
      [`${MRN}:Patient`, '101'],
      [`${MRN}:Observation:01A`, '101'],
    ])
    expect(hub.audit[0]).toMatchObject({ purpose: 'BTG', reason: 'pingsan — IGD' })
  })

  test('that was under way when the process stopped is asked for anew, with another nonce', async () => {
    let reached: () => void = () => undefined
    const isReached = new Promise<void>((resolve) => {
      reached = resolve
    })
    work({
      writeCopies: () => {
        reached()
        return new Promise((_resolve, reject) => setTimeout(() => reject(new Error('killed')), 20))
      },
    })
    const { id } = await importing()
    await isReached
    await worker?.stop()
    tickets = await ImportTickets.open(state.part<ImportTicket>('imports'))
    work()
    expect(await ticketThat(id, isFinished)).toMatchObject({ status: 'done', attempts: 2 })
    expect(new Set(hub.audit.map(({ _id }) => _id)).size).toBe(2)
    expect(hub.audit.map(({ outcome }) => outcome)).toEqual(['allowed', 'allowed'])
  })

  test('stops in the middle of a request, twice if need be', async () => {
    await instead(() => undefined)
    work({ pace: { stalledMs: 60_000 } })
    const { id } = await importing()
    await ticketThat(id, ({ status }) => status === 'running')
    await Promise.all([worker?.stop(), worker?.stop()])
    expect(await tickets.get(id)).toMatchObject({ status: 'running' })
  })
})
