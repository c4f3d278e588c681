import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { join, resolve } from 'node:path'
import type { BackupDownload, BackupStatus } from '../../../schemas/generated/types'
import { acceptEdge, type RunningEdge, startEdge } from '../../support/edge'
import { type RunningHub, startHub } from '../../support/hub'
import { type Running, startProgram, temporaryFolder, until } from '../../support/processes'

const PASSPHRASE = 'empat kuda di pantai selatan'
const PROGRAM = resolve(__dirname, '../../../bin/lontar.js')

let hub: RunningHub
let edge: RunningEdge
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let stick: string
let backup: string

beforeAll(async () => {
  folder = await temporaryFolder()
  stick = join(folder.path, 'stick')
  await mkdir(stick)
  hub = await startHub()
  edge = await startEdge('101', hub.url, { EDGE_BACKUP_FOLDER: stick })
}, 120_000)
afterAll(async () => {
  await edge?.remove()
  await hub?.remove()
  await folder?.remove()
})

/** With the passphrase on its standard input. */
async function lontar(args: readonly string[], env: Record<string, string>, passphrase = PASSPHRASE) {
  const child = spawn(process.execPath, [PROGRAM, 'edge', ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk))
  child.stdin.end(`${passphrase}\n`)
  const code = await new Promise((ended) => child.once('close', ended))
  return { code, text }
}

const register = (at: Pick<RunningEdge, 'ask'>, family: string) =>
  at.ask('/fhir/Patient', { method: 'POST', body: { resourceType: 'Patient', name: [{ family }] } })
const status = async () => (await edge.ask('/app/backups')).body as BackupStatus
const start = (body: object = { path: stick, passphrase: PASSPHRASE }) =>
  edge.ask('/app/backups', { method: 'POST', body })
const ended = () =>
  until('it has ended', async () => {
    const now = await status()
    return now.running === undefined && now
  })

/** Enough that a backup takes a while. */
async function load(count: number, from = 0): Promise<void> {
  const entry = Array.from({ length: count }, (_, number) => ({
    resource: {
      resourceType: 'Patient',
      id: `p${from + number}`,
      // Nothing that could be packed.
      name: [{ family: Array.from({ length: 60 }, () => Math.random().toString(36).slice(2)).join(' ') }],
    },
  }))
  const body = { resourceType: 'Bundle', type: 'collection', entry }
  expect((await edge.ask('/load', { method: 'POST', body })).status).toBe(200)
}

test.each([
  ['a place that is none', { path: '/etc', passphrase: PASSPHRASE }, 'PLACE_UNKNOWN'],
  ['no place', { passphrase: PASSPHRASE }, 'INVALID_REQUEST'],
  ['a passphrase that is guessed', { path: '', passphrase: 'password1234' }, 'INVALID_REQUEST'],
  ['a short passphrase', { path: '/etc', passphrase: 'kuda' }, 'PASSWORD_WEAK'],
])('%s is refused', async (_what, body, error) => {
  expect((await start(body)).body).toMatchObject({ error })
  expect(readdirSync(stick)).toEqual([])
})

test('a backup has all there is, is read back, holds nothing legible, and people work meanwhile', async () => {
  await acceptEdge(hub, edge)
  await load(600)
  await register(edge, 'Sebelum')
  const begun = await start()
  expect(begun.status).toBe(202)
  expect((await start()).body).toMatchObject({ error: 'BACKUP_RUNNING' })
  const during = await register(edge, 'Selama')
  expect(during.status).toBe(201)
  const { last, lastDoneAt, places } = await ended()
  expect(last).toMatchObject({ outcome: 'done', path: stick })
  expect(lastDoneAt).toBeDefined()
  expect(places[0]).toMatchObject({
    ...{ path: stick, isSameDisk: true, isWritable: true },
    backups: [{ name: last?.name, facility: { externalId: '101' } }],
  })
  expect(readdirSync(stick)).toEqual([last?.name])
  backup = join(stick, last?.name ?? '')
  const bytes = readFileSync(backup)
  for (const secret of ['Sebelum', 'Patient', 'nodePassword', 'claim']) expect(bytes.includes(secret)).toBe(false)
  expect(await lontar(['backup', '--check', backup], {})).toMatchObject({
    code: 0,
    text: expect.stringContaining('whole'),
  })
}, 120_000)

test('the command line writes one, too; a download is had once', async () => {
  const other = join(folder.path, 'other')
  await mkdir(other)
  const env = { EDGE_URL: edge.url, EDGE_DATA: edge.dataFolder }
  const done = await lontar(['backup', other], env)
  expect(done).toMatchObject({ code: 0, text: expect.stringContaining('read back and compared') })
  expect(readdirSync(other)).toEqual([expect.stringMatching(/^lontar-101-\d{8}-\d{6}\.lontar$/)])
  expect((await lontar(['backup', join(folder.path, 'none')], env)).text).toMatch(/not there/)

  const asked = await edge.ask('/app/backups/downloads', { method: 'POST', body: { passphrase: PASSPHRASE } })
  const { path } = asked.body as BackupDownload
  const response = await fetch(`${edge.url}${path}`)
  expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename=lontar-101-/)
  const file = join(folder.path, 'downloaded.lontar')
  writeFileSync(file, Buffer.from(await response.arrayBuffer()))
  expect((await lontar(['backup', '--check', file], {})).code).toBe(0)
  expect((await edge.ask(path)).status).toBe(404)
}, 120_000)

test('a stick that is pulled out, and a process that is killed, leave nothing that looks like a backup', async () => {
  await load(600, 600)
  await start()
  await until('it writes', async () => readdirSync(stick).some((name) => name.endsWith('.unfinished')))
  await rename(stick, `${stick}-pulled`)
  expect((await ended()).last).toMatchObject({ outcome: 'drive-gone' })
  expect(readdirSync(`${stick}-pulled`).filter((name) => !name.startsWith('.'))).toHaveLength(1)
  await rm(stick, { recursive: true, force: true })
  await rename(`${stick}-pulled`, stick)

  await start()
  await until('it writes', async () => readdirSync(stick).some((name) => name.endsWith('.unfinished')))
  await edge.kill()
  await edge.start()
  expect((await status()).places[0]?.backups).toHaveLength(1)
  await start()
  expect((await ended()).last).toMatchObject({ outcome: 'done' })
  expect(readdirSync(stick).filter((name) => name.startsWith('.'))).toEqual([])
}, 120_000)

describe('what is put back', () => {
  const at = (name: string) => join(folder.path, name)
  const restore = (file: string, dataFolder: string, passphrase?: string) =>
    lontar(['restore', file], { EDGE_DATA: dataFolder }, passphrase)

  test.each<[string, (bytes: Buffer) => Buffer, RegExp]>([
    ['cut off', (bytes) => bytes.subarray(0, bytes.length - 1), /BACKUP_DAMAGED/],
    ['cut off at a chunk', (bytes) => bytes.subarray(0, bytes.length >> 1), /BACKUP_DAMAGED/],
    ['with another byte in the middle', (bytes) => flipped(bytes, bytes.length >> 1), /BACKUP_DAMAGED/],
    ['with another byte in its head', (bytes) => flipped(bytes, 60), /BACKUP_DAMAGED/],
    ['with something behind it', (bytes) => Buffer.concat([bytes, bytes]), /BACKUP_DAMAGED/],
    ['that is none', () => Buffer.from('hello'), /BACKUP_UNREADABLE/],
    ['whose head somebody has made up', () => headOf('{"version":'), /BACKUP_DAMAGED/],
    ['whose head asks for all the memory', () => headOf('{"version":1,"cost":{"N":1073741824}}'), /BACKUP_DAMAGED/],
  ])('is not a file %s: it is told, and nothing changes', async (_what, change, code) => {
    const file = at('changed.lontar')
    writeFileSync(file, change(readFileSync(backup)))
    const { code: status, text } = await restore(file, at('nowhere'))
    expect(status).toBe(1)
    expect(text).toMatch(code)
    expect(readdirSync(at('nowhere'))).toEqual(['state'])
  })

  test('needs its passphrase, and a folder without data', async () => {
    expect(await restore(backup, at('nowhere'), 'lima kuda di pantai selatan')).toMatchObject({
      code: 1,
      text: expect.stringContaining('PASSPHRASE_WRONG'),
    })
    expect(readdirSync(at('nowhere'))).toEqual(['state'])
    expect(await restore(backup, edge.dataFolder)).toMatchObject({
      code: 1,
      text: expect.stringContaining('DATA_THERE'),
    })
  })

  test('works as before: records, people, registration; no MRN comes twice, and the hub lets the new machine in', async () => {
    const newest = await register(edge, 'Sesudah')
    await edge.synced()
    await edge.stop()
    const dataFolder = at('restored')
    expect(await restore(backup, dataFolder)).toMatchObject({ code: 0 })
    const env = { EDGE_DATA: dataFolder, EDGE_LOG_LEVEL: 'warn' }
    const machine = await startProgram(['edge'], env, 'EDGE_PORT', dataFolder)
    try {
      const ask: RunningEdge['ask'] = async (path, options) => {
        const response = await fetch(`${machine.url}${path}`, {
          method: options?.method ?? 'GET',
          headers: { 'content-type': 'application/json' },
          ...(options?.body !== undefined && { body: JSON.stringify(options.body) }),
        })
        return { status: response.status, headers: response.headers, body: await response.json() }
      }
      const found = (await ask('/fhir/Patient?family=Sebelum')).body as { total: number }
      expect(found.total).toBe(1)
      await until('the hub has told which MRNs are used', async () => {
        const { body } = await ask('/status')
        return (body as { attention?: unknown }).attention === undefined
      })
      const next = await register({ ask }, 'Baru')
      expect(next.status).toBe(201)
      expect((next.body as { id: string }).id > (newest.body as { id: string }).id).toBe(true)
      await until('it is synced', async () => {
        const { sync } = (await ask('/status')).body as Awaited<ReturnType<RunningEdge['status']>>
        return sync.state === 'idle' && sync.pendingDocuments === 0
      })
      // Started again by mistake, only one of the two goes on sending, and the other one says so.
      await edge.start()
      await register(edge, 'Lama')
      await edge.synced()
      await register({ ask }, 'Lagi')
      await until('one has stopped', async () => {
        const both = [(await ask('/status')).body, await edge.status()] as { sync: { state: string } }[]
        return both.some(({ sync }) => sync.state === 'contested')
      })
    } finally {
      await machine.kill()
    }
  }, 180_000)
})

describe('at the first start, in the browser', () => {
  let fresh: Running
  const dataFolder = () => join(folder.path, 'first')
  beforeAll(async () => {
    await edge.stop()
    const env = { EDGE_DATA: dataFolder(), EDGE_BACKUP_FOLDER: stick }
    fresh = await startProgram(['edge'], env, 'EDGE_PORT', dataFolder())
  }, 60_000)
  afterAll(() => fresh?.kill())
  const url = (path: string) => new URL(path, fresh.url).href
  const send = (bytes: Buffer, passphrase: string, headers: Record<string, string> = {}) =>
    fetch(url('/app/restore'), {
      method: 'POST',
      headers: {
        'content-type': 'application/octet-stream',
        'x-backup-passphrase': Buffer.from(passphrase).toString('base64url'),
        ...headers,
      },
      body: new Uint8Array(bytes),
    })
  const stage = async () => ((await (await fetch(url('/app/session'))).json()) as { stage: string }).stage

  test('refuses a page of another site, a wrong passphrase, what is not there and what is damaged', async () => {
    const bytes = readFileSync(backup)
    expect((await send(bytes, PASSPHRASE, { origin: 'http://elsewhere.example' })).status).toBe(403)
    expect(await (await send(bytes, 'another one here')).json()).toMatchObject({ error: 'PASSPHRASE_WRONG' })
    const half = bytes.subarray(0, bytes.length >> 1)
    expect(await (await send(half, PASSPHRASE)).json()).toMatchObject({ error: 'BACKUP_DAMAGED' })
    const json = { method: 'POST', headers: { 'content-type': 'application/json' } }
    const body = JSON.stringify({ path: '/etc', name: 'passwd.lontar', passphrase: PASSPHRASE })
    expect(await (await fetch(url('/app/restore'), { ...json, body })).json()).toMatchObject({ error: 'PLACE_UNKNOWN' })
    expect(await stage()).toBe('setup')
    expect(existsSync(join(dataFolder(), 'facility.json'))).toBe(false)
  }, 60_000)

  test('a wrong passphrase is told also where the browser reads a large file slowly', async () => {
    const bytes = readFileSync(backup)
    const answer = await new Promise<string>((done, failed) => {
      const headers = {
        'content-type': 'application/octet-stream',
        'x-backup-passphrase': Buffer.from('another one here').toString('base64url'),
        'content-length': bytes.length,
      }
      const sending = request(url('/app/restore'), { method: 'POST', headers }, async (response) => {
        let text = ''
        for await (const piece of response) text += piece
        done(text)
      })
      sending.once('error', failed)
      sending.write(bytes.subarray(0, 10_000))
      // Longer than what is left of a refused body may usually take.
      setTimeout(() => sending.end(bytes.subarray(10_000)), 7_000)
    })
    expect(JSON.parse(answer)).toMatchObject({ error: 'PASSPHRASE_WRONG' })
  }, 60_000)

  test('what was prepared is put in place also when the process is killed in between', async () => {
    const killed = join(folder.path, 'killed')
    const env = { EDGE_DATA: killed, EDGE_BACKUP_FOLDER: stick }
    const machine = await startProgram(['edge'], env, 'EDGE_PORT', killed)
    const file = readdirSync(stick).find((name) => name.endsWith('.lontar')) ?? ''
    try {
      void fetch(new URL('/app/restore', machine.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ path: stick, name: file, passphrase: PASSPHRASE }),
      }).catch(() => undefined)
      await until('something is prepared', async () => readdirSync(killed).some((name) => name.startsWith('restore.')))
      await machine.kill()
      await machine.start()
      expect(readdirSync(killed).filter((name) => name.startsWith('restore.'))).toEqual([])
      // All of it or nothing.
      const isThere = existsSync(join(killed, 'facility.json'))
      expect(existsSync(join(killed, 'credentials.json'))).toBe(isThere)
      expect(existsSync(join(killed, 'ehr'))).toBe(isThere)
    } finally {
      await machine.kill()
    }
  }, 60_000)

  test('shows the backups of the drives, and goes on as the facility that it was', async () => {
    const shown = (await (await fetch(url('/app/restore'))).json()) as BackupStatus
    const name = shown.places[0]?.backups.at(-1)?.name ?? ''
    await copyFile(join(stick, name), join(stick, 'kept.lontar'))
    const answer = await fetch(url('/app/restore'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ path: stick, name, passphrase: PASSPHRASE }),
    })
    expect(answer.status).toBe(202)
    await until('it is an edge', async () => (await stage().catch(() => undefined)) === 'open')
    const status = (await (await fetch(url('/status'))).json()) as { externalId: string; attention?: string[] }
    expect(status).toMatchObject({ externalId: '101' })
  }, 60_000)
})

/** A file's beginning, with a sum that is right. */
function headOf(json: string): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(json.length)
  const body = Buffer.concat([Buffer.from('LONTARBACKUP1\n'), length, Buffer.from(json)])
  return Buffer.concat([body, createHash('sha256').update(body).digest()])
}

function flipped(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes)
  changed[at] = (changed[at] ?? 0) ^ 1
  return changed
}
