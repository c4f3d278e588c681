import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetch } from 'undici'
import { openHubLine } from '../../../edge/registration/hub-line'
import type { Request } from '../../../edge/registration/hub-requests'
import { RegistrationAgent } from '../../../edge/registration/registration-agent'
import { createLog } from '../../../runtime/log'
import type { KeptRegistration, RegistrationList } from '../../../schemas/generated/types'
import { basic } from '../../support/ask'
import { startCouch, type TestCouch } from '../../support/couch'
import { startCountingProxy } from '../../support/counting-proxy'
import { TestFacility } from '../../support/facility'
import { type Gateway, startGateway } from '../../support/gateway'
import { until } from '../../support/processes'

let store: TestCouch
let hub: Gateway
let folder: string
const agents: RegistrationAgent[] = []
const faults: unknown[] = []
const QUICK = {
  firstPollMs: 20,
  mostPollMs: 40,
  slowMs: 50,
  suspendedMs: 50,
  configurationEveryMs: 50,
  backOff: { firstMs: 10, mostMs: 50 },
}

beforeAll(async () => {
  store = await startCouch()
  hub = await startGateway(store)
})

afterAll(async () => {
  await hub?.stop()
  await store?.stop()
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lontar-agent-'))
})

afterEach(async () => {
  for (const agent of agents.splice(0)) await agent.stop()
  await rm(folder, { recursive: true, force: true })
})

const file = () => join(folder, 'credentials.json')
const kept = async () => JSON.parse(await readFile(file(), 'utf8')) as KeptRegistration
const is = (agent: RegistrationAgent, status: string) =>
  until(`it is ${status}`, async () => agent.status().status === status, 10_000)

async function start(externalId: string, request: Request = fetch): Promise<RegistrationAgent> {
  const agent = new RegistrationAgent({
    hubUrl: hub.url,
    externalId,
    facility: { name: `Facility ${externalId}` },
    file: file(),
    request,
    mrnCounter: async () => 0,
    onFault: (error) => faults.push(error),
    hearFloor: async () => 'settled',
    log: createLog('edge', 'silent'),
    pace: QUICK,
  })
  agents.push(agent)
  return agent.start()
}

async function restarted(agent: RegistrationAgent, externalId: string): Promise<RegistrationAgent> {
  await agent.stop()
  return start(externalId)
}

async function waitingId(agent: RegistrationAgent): Promise<string> {
  await is(agent, 'pending')
  const { pairingCode } = agent.status()
  const list = (await hub.operator('/operator/registrations?status=pending')).body as RegistrationList
  return list.registrations.find((one) => one.pairingCode === pairingCode)?.id ?? 'none'
}

async function accept(agent: RegistrationAgent): Promise<void> {
  const answer = await hub.operator(`/operator/registrations/${await waitingId(agent)}/accept`, {})
  expect(answer.status).toBe(200)
  await is(agent, 'accepted')
}

test('registers, is accepted, asks for data access by itself, and gets the node password', async () => {
  const agent = await start('101')
  expect(agent.credentials()).toBeUndefined()
  await accept(agent)
  expect(agent.credentials()).toEqual({ nodeName: 'node-101', syncPassword: expect.stringMatching(/^[\w-]{43}$/) })
  await until('it asks', async () => agent.dataAccess().status === 'pending')
  expect(agent.nodePassword()).toBeUndefined()
  await hub.operator('/operator/nodes/node-101/data-access/accept', {})
  await until('it may import', async () => agent.nodePassword() !== undefined)
  expect(agent.configuration()).toMatchObject({
    sync: { url: `${hub.url}/sync/ehr` },
    dataAccess: { status: 'accepted' },
  })
  expect((await stat(file())).mode & 0o777).toBe(0o600)
  expect(await kept()).toMatchObject({ credentials: agent.credentials(), nodePassword: agent.nodePassword() })
})

test('what it hands out is on the disk before', async () => {
  const agent = await start('102')
  const seen: unknown[] = []
  agent.onChange(() => {
    const { credentials } = JSON.parse(require('node:fs').readFileSync(file(), 'utf8')) as KeptRegistration
    seen.push([agent.status().status, JSON.stringify(credentials) === JSON.stringify(agent.credentials())])
  })
  await accept(agent)
  expect(seen).toContainEqual(['accepted', true])
})

test.each(['the request', 'the answer'])(
  'goes on with the same claim where %s of every other call is lost',
  async (what) => {
    let calls = 0
    const lossy: Request = async (url, init) => {
      const isLost = calls++ % 2 === 0
      if (isLost && what === 'the request') throw new TypeError('fetch failed')
      const response = await fetch(url, init)
      if (isLost) throw new TypeError('terminated')
      return response
    }
    const externalId = what === 'the request' ? '103' : '104'
    const agent = await start(externalId, lossy)
    await accept(agent)
    const list = (await hub.operator('/operator/registrations')).body as RegistrationList
    expect(list.registrations.filter((one) => one.externalId === externalId)).toHaveLength(1)
    await until('it has asked for data access', async () => agent.dataAccess().status === 'pending')
  },
)

test('a restart in any state goes on from there', async () => {
  let agent = await start('105')
  await is(agent, 'pending')
  const { pairingCode, id } = agent.status()
  agent = await restarted(agent, '105')
  expect(agent.status()).toEqual({ status: 'pending', id, pairingCode })
  await hub.operator(`/operator/registrations/${id}/reject`, { reason: 'Wrong code.' })
  await is(agent, 'rejected')
  agent = await restarted(agent, '105')
  expect(agent.status()).toMatchObject({ status: 'rejected', reason: 'Wrong code.' })
  await hub.operator('/operator/nodes/node-105/reopen', {})
  await accept(agent)
  const credentials = agent.credentials()
  agent = await restarted(agent, '105')
  expect(agent.credentials()).toEqual(credentials)
  await hub.operator('/operator/nodes/node-105/suspend', { reason: 'Stolen.' })
  await is(agent, 'suspended')
  agent = await restarted(agent, '105')
  expect(agent.status()).toMatchObject({ status: 'suspended', reason: 'Stolen.' })
  expect(agent.credentials()).toBeUndefined()
  await hub.operator('/operator/nodes/node-105/resume', {})
  await is(agent, 'accepted')
  expect(agent.credentials()).toEqual(credentials)
})

test('a rejected facility can ask again, with another claim', async () => {
  const agent = await start('106')
  await is(agent, 'pending')
  const before = agent.status()
  await hub.operator(`/operator/registrations/${before.id}/reject`, { reason: 'Wrong code.' })
  await is(agent, 'rejected')
  expect(await agent.askAgain()).toBe(true)
  // At once: it is read out to the operator.
  expect(agent.status().pairingCode).not.toBe(before.pairingCode)
  await is(agent, 'pending')
  expect(agent.status().pairingCode).not.toBe(before.pairingCode)
  await accept(agent)
  expect(await agent.askAgain()).toBe(false)
})

test('an external ID that is taken is shown, and asked for again until the operator reopens it', async () => {
  await new TestFacility('107').join(hub)
  const agent = await start('107')
  await until('it says so', async () => /external ID/.test(agent.status().reason ?? ''))
  expect(agent.status().status).toBe('unregistered')
  await hub.operator('/operator/nodes/node-107/reopen', {})
  await accept(agent)
  expect(agent.status().reason).toBeUndefined()
})

test('rotated credentials come by themselves', async () => {
  const agent = await start('108')
  await accept(agent)
  await until('they are used', async () => agent.dataAccess().status === 'pending')
  const before = agent.credentials()?.syncPassword
  await hub.operator('/operator/nodes/node-108/rotate', {})
  await until('they are others', async () => agent.credentials()?.syncPassword !== before)
  await hub.operator('/operator/nodes/node-108/data-access/accept', {})
  await until('they work', async () => agent.nodePassword() !== undefined)
})

test.each(['the request', 'the answer'] as const)(
  'new credentials come beside the old, whichever call loses %s and however often the edge is killed there',
  async (what) => {
    const externalId = what === 'the request' ? '116' : '117'
    let agent = await start(externalId)
    await accept(agent)
    await until('they are used', async () => agent.dataAccess().status === 'pending')
    let old = agent.credentials()?.syncPassword
    for (let lost = 0; lost < 4; lost++) {
      await hub.operator(`/operator/nodes/node-${externalId}/rotate`, { overlap: true })
      await agent.stop()
      let calls = 0
      let isCut = false
      agent = await start(externalId, async (url, init) => {
        const isLost = calls++ === lost
        if (isLost && what === 'the request') isCut = true
        const response = isLost && what === 'the request' ? undefined : await fetch(url, init)
        if (response && !isLost) return response
        isCut = true
        // Nothing comes any more: the process is killed before.
        return new Promise((_, reject) => init.signal?.addEventListener('abort', reject))
      })
      await until('it is cut off', async () => isCut)
      agent = await restarted(agent, externalId)
      // They are on the disk a moment before they are used.
      await until('others are used', async () => {
        const { nextCredentials } = await kept()
        return agent.credentials()?.syncPassword !== old && nextCredentials === undefined
      })
      expect((await kept()).credentials).toEqual(agent.credentials())
      const { nodeName = '', syncPassword = '' } = agent.credentials() ?? {}
      const answer = await hub.ask('/node/configuration', { authorization: basic(nodeName, syncPassword) })
      expect(answer.status).toBe(200)
      old = syncPassword
    }
  },
)

test('goes on with the old credentials until the hub has taken the new ones', async () => {
  const tried: string[] = []
  let refuses = false
  const agent = await start('118', async (url, init) => {
    const authorization = new Headers(init.headers as Record<string, string>).get('authorization') ?? ''
    if (url.includes('/node/configuration')) tried.push(authorization)
    if (refuses && authorization !== basic('node-118', old)) {
      return Response.json({ error: 'UNAUTHENTICATED', reason: 'No.' }, { status: 401 }) as never
    }
    return fetch(url, init)
  })
  let old = ''
  await accept(agent)
  await until('they are used', async () => agent.dataAccess().status === 'pending')
  old = agent.credentials()?.syncPassword ?? ''
  refuses = true
  tried.length = 0
  await hub.operator('/operator/nodes/node-118/rotate', { overlap: true })
  await until('it has tried the new ones', async () => tried.some((one) => one !== basic('node-118', old)))
  await until('it has gone back', async () => tried.slice(-3).every((one) => one === basic('node-118', old)))
  expect(agent.credentials()?.syncPassword).toBe(old)
  expect(agent.status().status).toBe('accepted')
  expect(tried.filter((one) => one !== basic('node-118', old))).toHaveLength(1)
  refuses = false
  await hub.operator('/operator/nodes/node-118/rotate', { overlap: true })
  await until('it has the newest', async () => agent.credentials()?.syncPassword !== old)
})

test('a machine whose place was taken learns it, and keeps what it has', async () => {
  const agent = await start('109')
  await accept(agent)
  await hub.operator('/operator/nodes/node-109/reopen', {})
  await new TestFacility('109').join(hub)
  await is(agent, 'rejected')
  expect(agent.status().reason).toMatch(/Another machine/)
  expect(agent.credentials()).toBeUndefined()
  expect((await kept()).credentials).toBeDefined()
})

test.each([
  ['a redirect', new Response(null, { status: 302, headers: { location: 'https://portal.example' } })],
  ['a page', new Response('<html>Log in to the hotel network</html>', { status: 200 })],
  ['a 401 of its own', new Response('<html>401</html>', { status: 401 })],
  ['a 403 of its own', new Response('{"error":"blocked","reason":"by the firewall"}', { status: 403 })],
])('a captive portal that answers with %s changes nothing', async (_what, answer) => {
  const first = await start('110')
  await is(first, 'pending')
  await first.stop()
  const before = await readFile(file(), 'utf8')
  let calls = 0
  const agent = await start('110', async () => {
    calls++
    return answer.clone() as never
  })
  await until('it has asked several times', async () => calls > 3)
  expect(agent.status().status).toBe('pending')
  expect(await readFile(file(), 'utf8')).toBe(before)
})

test('does not start in the folder of another facility, or with a file that it can not read', async () => {
  const agent = await start('111')
  await is(agent, 'pending')
  await agent.stop()
  await expect(start('112')).rejects.toThrow('belongs to facility 111')
  await writeFile(file(), '{"version":1')
  await expect(start('111')).rejects.toThrow('can not be read')
  expect(await readFile(file(), 'utf8')).toBe('{"version":1')
})

test('stops at once, also while the hub does not answer', async () => {
  const agent = await start(
    '113',
    (_url, { signal }) => new Promise((_, reject) => signal?.addEventListener('abort', reject)),
  )
  const startedAt = performance.now()
  await agent.stop()
  await agent.stop()
  expect(performance.now() - startedAt).toBeLessThan(1_000)
})

test('asks for a known configuration over one connection, and an idle hour costs less than 8 kB', async () => {
  const proxy = await startCountingProxy(hub.url, '/node/configuration')
  const line = openHubLine()
  let asked = 0
  let counts = false
  const through: Request = async (url, init) => {
    const response = await line.request(url.replace(hub.url, proxy.url), init)
    if (!counts || response.status !== 304) return response
    // Counted from here, where no question is on its way: half of one would count as one too few.
    if (asked === 0) proxy.reset()
    asked++
    return response
  }
  const agent = await start('114', through)
  await accept(agent)
  await until('it has asked for data access', async () => agent.dataAccess().status === 'pending')
  await hub.operator('/operator/nodes/node-114/data-access/accept', {})
  await until('it knows the newest', async () => agent.dataAccess().status === 'accepted')
  counts = true
  // As often as an idle edge asks in an hour, and the one at which it begins.
  await until('it has asked for an hour', async () => asked > 12)
  await agent.stop()
  const { requests, connections, bytes } = proxy.traffic()
  expect({ requests: requests >= 12, connections }).toEqual({ requests: true, connections: 0 })
  expect(bytes / requests).toBeLessThan(8_000 / 12)
  await line.stop()
  await proxy.stop()
})

test('a 304 that is not the hub’s changes nothing, and a changed configuration comes through', async () => {
  let forge = false
  const agent = await start('115', async (url, init) =>
    forge ? (new Response(null, { status: 304 }) as never) : fetch(url, init),
  )
  await accept(agent)
  await until('it has asked for data access', async () => agent.dataAccess().status === 'pending')
  forge = true
  await hub.operator('/operator/nodes/node-115/suspend', { reason: 'Stolen.' })
  const version = agent.configuration()?.version
  await hub.operator('/operator/nodes/node-115/resume', {})
  forge = false
  await until('it has the newer one', async () => (agent.configuration()?.version ?? 0) > (version ?? 0))
  expect(agent.status().status).toBe('accepted')
})
