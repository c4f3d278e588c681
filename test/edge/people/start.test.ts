import { execFileSync } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { request } from 'node:https'
import { join } from 'node:path'
import { lontar } from '../../support/command'
import { startEdge } from '../../support/edge'
import { type Running, startProgram, temporaryFolder, until } from '../../support/processes'
import { Browser, PASSWORDS } from './signed-in'

const HUB_URL = 'http://127.0.0.1:9'
const SETUP = {
  facility: { externalId: '101', name: 'Puskesmas Lembang' },
  hubUrl: HUB_URL,
  admin: { name: 'siti', fullName: 'Siti Rahayu', password: PASSWORDS.siti },
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

const tls = () => {
  const [cert, key] = [join(folder.path, 'cert.pem'), join(folder.path, 'key.pem')]
  const subject = ['-subj', '/CN=klinik.local', '-addext', 'subjectAltName=DNS:klinik.local,IP:127.0.0.1']
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']
  execFileSync(
    'openssl',
    ['req', '-x509', ...curve, '-nodes', '-days', '2', ...subject, '-keyout', key, '-out', cert],
    {
      stdio: 'ignore',
    },
  )
  return { EDGE_TLS_CERT: cert, EDGE_TLS_KEY: key }
}

describe('the first start, without a facility', () => {
  let edge: Running
  let browser: Browser
  const dataFolder = () => join(folder.path, 'first')
  const setup = (body: object, headers: Record<string, string> = {}) =>
    browser.ask('/app/setup', { method: 'POST', body, headers })

  beforeAll(async () => {
    edge = await startProgram(['edge'], { EDGE_DATA: dataFolder() }, 'EDGE_PORT', dataFolder())
    browser = new Browser(new URL(edge.url).origin)
  })
  afterAll(() => edge.kill())

  test.each([
    ['an external ID in small letters', { ...SETUP, facility: { externalId: 'ab', name: 'X' } }, 'INVALID_REQUEST'],
    ['a hub that is not encrypted', { ...SETUP, hubUrl: 'http://hub.example' }, 'INVALID_REQUEST'],
    ['a password in the address', { ...SETUP, hubUrl: 'https://a:b@hub.example' }, 'INVALID_REQUEST'],
    ['a weak password', { ...SETUP, admin: { ...SETUP.admin, password: 'password12' } }, 'PASSWORD_WEAK'],
    ['nothing', {}, 'INVALID_REQUEST'],
  ])('%s is refused', async (_what, body, error) => {
    expect((await setup(body)).body).toMatchObject({ error })
    expect((await browser.ask('/app/session')).body).toEqual({ stage: 'setup' })
  })

  test('a page of another site can not name the facility', async () => {
    expect((await setup(SETUP, { origin: 'http://localhost:3000' })).status).toBe(403)
  })

  test('nothing else is served yet', async () => {
    for (const path of ['/status', '/fhir/Patient', '/app/people']) expect((await browser.ask(path)).status).toBe(503)
    expect((await browser.ask('/start')).status).toBe(200)
  })

  test('the facility is kept, the first admin signed in, and the edge goes on by itself at the same address', async () => {
    expect((await setup(SETUP)).status).toBe(202)
    await until('it is an edge', async () => {
      const answer = await browser.ask('/app/session').catch(() => undefined)
      return answer?.status === 200 && (answer.body as { stage: string }).stage === 'signed-in'
    })
    expect((await browser.ask('/status')).body).toMatchObject({ externalId: '101' })
    const file = join(dataFolder(), 'facility.json')
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ externalId: '101', name: 'Puskesmas Lembang' })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await edge.kill()
    await edge.start()
    expect((await browser.ask('/status')).body).toMatchObject({ externalId: '101' })
  })
})

describe('beyond this machine', () => {
  test('EDGE_HOST is refused without TLS, and without an account, with what to do', async () => {
    const settings = { EDGE_DATA: join(folder.path, 'beyond'), EDGE_EXTERNAL_ID: '101', EDGE_PORT: '0', HUB_URL }
    const plain = await lontar(['edge'], { ...settings, EDGE_HOST: '0.0.0.0' })
    expect([plain.code, plain.err]).toEqual([1, expect.stringContaining('unless EDGE_TLS_CERT is set')])
    const half = await lontar(['edge'], { ...settings, EDGE_TLS_CERT: '/a' })
    expect([half.code, half.err]).toEqual([1, expect.stringContaining('EDGE_TLS_KEY must be set')])
    const nobody = await lontar(['edge'], { ...settings, ...tls(), EDGE_HOST: '0.0.0.0' })
    expect([nobody.code, nobody.err]).toEqual([1, expect.stringContaining('nobody has an account here yet')])
    // Before the first start is over whoever comes first could name the facility and be its admin, or put back a backup.
    const unsaid = { EDGE_DATA: join(folder.path, 'unsaid'), EDGE_PORT: '0', EDGE_HOST: '0.0.0.0', ...tls() }
    const anybody = await lontar(['edge'], unsaid)
    expect([anybody.code, anybody.err]).toEqual([1, expect.stringContaining('nobody has an account here yet')])
  })

  test('with both it serves TLS, under its own names alone, and the cookie is for TLS alone', async () => {
    const edge = await startEdge('101', HUB_URL)
    const admin = new Browser(edge.url)
    await admin.addPerson('siti', 'admin')
    await edge.stop()
    const env = {
      EDGE_DATA: edge.dataFolder,
      EDGE_EXTERNAL_ID: '101',
      EDGE_HOST: '0.0.0.0',
      EDGE_NAMES: 'klinik.local',
      HUB_URL,
      ...tls(),
    }
    const open = await startProgram(['edge'], env, 'EDGE_PORT', edge.dataFolder)
    const { port } = new URL(open.url)
    const asked = (host: string, more: Record<string, string> = {}, body?: object) =>
      new Promise<{ status: number | undefined; cookie: string }>((done, failed) => {
        const headers = { host, ...more, ...(body && { 'content-type': 'application/json' }) }
        const options = { host: '127.0.0.1', port, path: '/app/session', headers, rejectUnauthorized: false }
        const asking = request({ ...options, method: body ? 'POST' : 'GET' }, (response) => {
          response.resume()
          done({ status: response.statusCode, cookie: response.headers['set-cookie']?.[0] ?? '' })
        })
        asking.once('error', failed).end(body && JSON.stringify(body))
      })
    expect((await asked('evil.example')).status).toBe(403)
    expect((await asked(`klinik.local:${port}`, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await asked(`klinik.local:${port}`, { origin: `http://klinik.local:${port}` })).status).toBe(403)
    expect((await asked(`127.0.0.1:${port}`)).status).toBe(200)
    const origin = `https://klinik.local:${port}`
    const { status, cookie } = await asked(
      `klinik.local:${port}`,
      { origin },
      { name: 'siti', password: PASSWORDS.siti },
    )
    expect([status, cookie]).toEqual([200, expect.stringMatching(/^__Host-lontar-edge=.*; Secure$/)])
    await open.kill()
    await edge.remove()
  })
})
