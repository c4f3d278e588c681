import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { readHubSettings, readOperatorSettings } from '../../hub/settings'
import { SettingsError } from '../../runtime/settings'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lontar-settings-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const KEY = Buffer.alloc(32, 3).toString('base64url')

test('all mistakes are reported together, each with what was expected', async () => {
  const env = {
    HUB_DATA: folder,
    HUB_PORT: '99999',
    HUB_COUCH_PORT: 'x',
    HUB_SECRET_KEY: 'short',
    HUB_METRICS_TOKEN: 'short',
    COUCHDB_URL: 'http://127.0.0.1:5984',
    HUB_TLS_CERT: '/cert.pem',
    HUB_LOG_LEVEL: 'loud',
  }
  const error = await readHubSettings(env).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(SettingsError)
  for (const name of [
    'HUB_PORT',
    'HUB_COUCH_PORT',
    'HUB_SECRET_KEY',
    'HUB_METRICS_TOKEN',
    'COUCHDB_URL',
    'HUB_TLS_KEY',
    'HUB_LOG_LEVEL',
    'HUB_OPERATOR_PASSWORD',
  ]) {
    expect(String(error)).toContain(name)
  }
  expect(await readdir(folder)).toEqual([])
})

test('with a CouchDB of its own the secrets are required, and its password is kept apart from its address', async () => {
  const couch = { HUB_DATA: folder, COUCHDB_URL: 'https://admin:p%40ss@couch.example/' }
  await expect(readHubSettings(couch)).rejects.toThrow(/HUB_SECRET_KEY.*HUB_OPERATOR_PASSWORD/s)
  const read = await readHubSettings({ ...couch, HUB_SECRET_KEY: KEY, HUB_OPERATOR_PASSWORD: 'opens' })
  expect(read.settings.couchdbUrl).toBe('https://couch.example')
  expect(read.secrets.couchdb?.username).toBe('admin')
  expect(read.secrets.couchdb?.password.reveal()).toBe('p@ss')
  for (const text of [JSON.stringify(read), inspect(read, { depth: 9 })]) {
    for (const secret of ['p@ss', 'p%40ss', KEY, 'opens']) expect(text).not.toContain(secret)
  }
  expect(await readdir(folder)).toEqual([])
})

test('makes what is not set once, for its owner alone, and keeps it; hubs that start together share it', async () => {
  const env = { HUB_DATA: join(folder, 'hub') }
  const all = await Promise.all(Array.from({ length: 5 }, () => readHubSettings(env)))
  expect(new Set(all.map(({ secrets }) => secrets.secretKey.reveal())).size).toBe(1)
  expect(new Set(all.map(({ secrets }) => secrets.operatorPassword.reveal())).size).toBe(1)
  expect((await readdir(env.HUB_DATA)).sort()).toEqual(['couch-password', 'operator-password', 'secret-key'])
  for (const name of await readdir(env.HUB_DATA)) {
    expect((await stat(join(env.HUB_DATA, name))).mode & 0o777).toBe(0o600)
  }
  const kept = (await readFile(join(env.HUB_DATA, 'operator-password'), 'utf8')).trim()
  expect((await readHubSettings(env)).secrets.operatorPassword.reveal()).toBe(kept)
  expect((await readOperatorSettings(env)).operatorPassword?.reveal()).toBe(kept)
})

test('does not make another secret where the file of the old one was emptied', async () => {
  await writeFile(join(folder, 'secret-key'), '\n')
  await expect(readHubSettings({ HUB_DATA: folder })).rejects.toThrow('is empty')
})

test('has the defaults of the contract', async () => {
  const { settings } = await readHubSettings({ HUB_DATA: folder })
  expect(settings).toEqual({
    alertEveryMs: 60_000,
    host: '127.0.0.1',
    port: 8080,
    dataFolder: folder,
    couchPort: 5984,
    logLevel: 'info',
    consentPolicy: 'permit-unless-refused',
    operatorSessions: { idleMs: 30 * 60_000, absoluteMs: 12 * 3_600_000 },
    rotationOverlapMs: 24 * 3_600_000,
    rates: { address: 6000, node: 1200, registrations: 20, failures: 60 },
  })
})

test('the operator password goes to https or this machine alone', async () => {
  await expect(readOperatorSettings({ HUB_URL: 'http://hub.example' })).rejects.toThrow('HUB_URL')
  const { hubUrl } = await readOperatorSettings({ HUB_URL: 'https://hub.example/', HUB_DATA: folder })
  expect(hubUrl).toBe('https://hub.example')
})

test('a session is idle and lasts for as long as is set, within bounds', async () => {
  const { settings } = await readHubSettings({
    HUB_DATA: folder,
    HUB_SESSION_IDLE_MINUTES: '5',
    HUB_SESSION_HOURS: '8',
  })
  expect(settings.operatorSessions).toEqual({ idleMs: 300_000, absoluteMs: 28_800_000 })
  for (const [name, value] of [
    ['HUB_SESSION_IDLE_MINUTES', '0'],
    ['HUB_SESSION_IDLE_MINUTES', '100000'],
    ['HUB_SESSION_HOURS', '0'],
    ['HUB_SESSION_HOURS', '1.5'],
  ] as const) {
    await expect(readHubSettings({ HUB_DATA: folder, [name]: value })).rejects.toThrow(name)
  }
})

test('the kept password is of the first account, and is sent in no other name', async () => {
  const env = { HUB_DATA: join(folder, 'hub') }
  await readHubSettings(env)
  expect((await readOperatorSettings(env)).operatorName).toBe('operator')
  expect((await readOperatorSettings(env)).operatorPassword).toBeDefined()
  const named = await readOperatorSettings({ ...env, HUB_OPERATOR_NAME: 'siti' })
  expect([named.operatorName, named.operatorPassword]).toEqual(['siti', undefined])
})

test('the key before is one of its own, is found where it was put, and can be said to be lost', async () => {
  const other = Buffer.alloc(32, 4).toString('base64url')
  const read = (env: Record<string, string>) => readHubSettings({ HUB_DATA: folder, HUB_SECRET_KEY: KEY, ...env })
  for (const wrong of [KEY, 'short', 'LOST']) {
    await expect(read({ HUB_SECRET_KEY_PREVIOUS: wrong })).rejects.toThrow('HUB_SECRET_KEY_PREVIOUS must be')
  }
  expect((await read({})).secrets).not.toHaveProperty('previousSecretKey')
  expect((await read({ HUB_SECRET_KEY_PREVIOUS: other })).secrets.previousSecretKey?.reveal()).toBe(other)
  expect((await read({ HUB_SECRET_KEY_PREVIOUS: 'lost' })).secrets).toMatchObject({ isPreviousKeyLost: true })
  await writeFile(join(folder, 'secret-key-previous'), `${other}\n`, { mode: 0o600 })
  expect((await read({})).secrets.previousSecretKey?.reveal()).toBe(other)
})

test.each(['0', '721', '1.5', 'x'])('HUB_ROTATION_OVERLAP_HOURS=%s is refused', async (hours) => {
  const env = { HUB_DATA: folder, HUB_ROTATION_OVERLAP_HOURS: hours }
  await expect(readHubSettings(env)).rejects.toThrow('HUB_ROTATION_OVERLAP_HOURS must be whole hours from 1 to 720')
  const { settings } = await readHubSettings({ HUB_DATA: folder })
  expect(settings.rotationOverlapMs).toBe(24 * 3_600_000)
})
