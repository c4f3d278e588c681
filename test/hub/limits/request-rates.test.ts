import { randomBytes } from 'node:crypto'
import { Agent, request } from 'undici'
import { hashOfClaim } from '../../../protocol/claim'
import { newNonce, signImport } from '../../../protocol/import-signature'
import type { NodeConfiguration } from '../../../schemas/generated/types'
import { basic } from '../../support/ask'
import { type RunningHub, startHub } from '../../support/hub'
import { type NodeAccount, registerNode } from '../../support/node'

const FEW = { HUB_RATE_ADDRESS: '60', HUB_RATE_NODE: '20', HUB_RATE_REGISTRATIONS: '3', HUB_RATE_FAILURES: '5' }

let hub: RunningHub
let node: NodeAccount
let proxied: RunningHub

beforeAll(async () => {
  hub = await startHub(FEW)
  node = await registerNode(hub, '101')
  if (!process.env['COUCHDB_URL']) proxied = await startHub({ ...FEW, HUB_TRUST_PROXY: '1' })
}, 60_000)
afterAll(async () => {
  await hub?.remove()
  await proxied?.remove()
})

/** Each test is a caller with an address of its own. */
function caller(address: string, base = hub.url) {
  const agent = new Agent({ localAddress: address })
  return {
    ask: async (
      path: string,
      {
        headers = {},
        method = 'GET',
        body,
      }: { headers?: Record<string, string>; method?: 'GET' | 'POST'; body?: object } = {},
    ) => {
      const answer = await request(`${base}${path}`, {
        method,
        dispatcher: agent,
        headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      })
      return {
        status: answer.statusCode,
        retryAfter: answer.headers['retry-after'],
        body: (await answer.body.json()) as { error?: string },
      }
    },
    end: () => agent.destroy(),
  }
}

type Answer = Awaited<ReturnType<ReturnType<typeof caller>['ask']>>

/** Asks until it is refused for the rate; how many times it was let through before. */
async function letThrough(ask: () => Promise<Answer>, most: number): Promise<{ count: number; refused: Answer }> {
  for (let count = 0; count <= most; count++) {
    const answer = await ask()
    if (answer.status === 429) return { count, refused: answer }
  }
  throw new Error(`not refused after ${most}`)
}

function expectLimited({ body, retryAfter }: Answer): void {
  expect(body).toEqual({ error: 'RATE_LIMITED', reason: expect.any(String) })
  expect(Number(retryAfter)).toBeGreaterThanOrEqual(1)
  expect(Number(retryAfter)).toBeLessThanOrEqual(60)
}

test('an address that asks too much waits, and others do not', async () => {
  const loud = caller('127.0.0.2')
  const { count, refused } = await letThrough(() => loud.ask('/healthz'), 60)
  expect(count).toBe(60)
  expectLimited(refused)
  const quiet = caller('127.0.0.3')
  expect((await quiet.ask('/healthz')).status).toBe(200)
  await Promise.all([loud.end(), quiet.end()])
})

test('a facility that pushes too often waits, from wherever it asks', async () => {
  const headers = { authorization: basic(node.nodeName, node.syncPassword) }
  const one = caller('127.0.0.4')
  const { count, refused } = await letThrough(() => one.ask('/sync/ehr', { headers }), 20)
  expect(count).toBeGreaterThan(10)
  expectLimited(refused)
  const other = caller('127.0.0.5')
  expect((await other.ask('/sync/ehr', { headers })).status).toBe(429)
  await Promise.all([one.end(), other.end()])
})

test('a facility that imports too often waits, from wherever it asks', async () => {
  const importer = await registerNode(hub, '102')
  const authorization = basic(importer.nodeName, importer.syncPassword)
  const one = caller('127.0.0.12')
  await one.ask('/node/data-access', { method: 'POST', body: {}, headers: { authorization } })
  await hub.operator(`/operator/nodes/${importer.nodeName}/data-access/accept`, { method: 'POST', body: {} })
  const configuration = (await one.ask('/node/configuration', { headers: { authorization } })).body
  const { nodePassword = '' } = (configuration as NodeConfiguration).dataAccess
  const path = '/fhir/Patient/10100000042/$everything'
  const ask = async (from: ReturnType<typeof caller>) => {
    const signed = { method: 'GET', url: new URL(path, hub.url), purpose: 'TREAT' }
    const at = { now: new Date(), nonce: newNonce() }
    return from.ask(path, { headers: await signImport(signed, { nodeName: importer.nodeName, nodePassword }, at) })
  }
  const { count, refused } = await letThrough(() => ask(one), 20)
  expect(count).toBe(20)
  expect(Number(refused.retryAfter)).toBeGreaterThanOrEqual(1)
  const other = caller('127.0.0.13')
  expect((await ask(other)).status).toBe(429)
  const { body } = await hub.operator('/operator/audit?node=node-102&outcome=refused&kind=import')
  expect(JSON.stringify(body)).toContain('RATE_LIMITED')
  // Whoever sends again what he has seen keeps the facility from nothing else, and is known nowhere for it.
  expect((await one.ask('/node/configuration', { headers: { authorization } })).status).toBe(200)
  const wrong = { headers: { authorization: basic(importer.nodeName, 'wrong') } }
  while ((await other.ask('/node/configuration', wrong)).status === 401) {}
  expect((await other.ask('/node/configuration', { headers: { authorization } })).status).toBe(429)
  await Promise.all([one.end(), other.end()])
})

test.each([
  ['/registrations', '127.0.0.6'],
  ['/registrations/', '127.0.0.11'],
])('registrations without end come to an end: %s', async (path, address) => {
  const stranger = caller(address)
  let made = 0
  const register = () =>
    stranger.ask(path, {
      method: 'POST',
      body: {
        externalId: `9${String(++made).padStart(3, '0')}`,
        name: 'X',
        claimHash: hashOfClaim(randomBytes(32).toString('base64url')),
      },
    })
  const { count, refused } = await letThrough(register, 3)
  expect(count).toBe(3)
  expectLimited(refused)
  // Other questions of the same address go on.
  expect((await stranger.ask('/healthz')).status).toBe(200)
  await stranger.end()
})

test('who guesses has to wait, and the right password does not help meanwhile', async () => {
  const guesser = caller('127.0.0.7')
  const guess = () =>
    guesser.ask('/sync/ehr', {
      headers: { authorization: basic(node.nodeName, randomBytes(32).toString('base64url')) },
    })
  const { count, refused } = await letThrough(guess, 10)
  expect(count).toBe(5)
  expectLimited(refused)
  const right = await guesser.ask('/operator/nodes', {
    headers: { authorization: basic('operator', hub.operatorPassword) },
  })
  expect(right.status).toBe(429)
  await guesser.end()
})

test('who was let in from an address is not held up by who guesses there', async () => {
  const shared = caller('127.0.0.10')
  const right = { authorization: basic(node.nodeName, node.syncPassword) }
  const person = { authorization: basic('operator', hub.operatorPassword) }
  // It may have used up its own rate by now; what counts is that the password was right.
  const pushes = () => shared.ask('/sync/nothing', { headers: right })
  expect((await pushes()).status).not.toBe(401)
  expect((await shared.ask('/operator/nodes', { headers: person })).status).toBe(200)
  const guess = () =>
    shared.ask('/sync/ehr', { headers: { authorization: basic(node.nodeName, randomBytes(32).toString('base64url')) } })
  expect((await letThrough(guess, 10)).count).toBe(5)
  const after = await Promise.all([pushes(), shared.ask('/operator/nodes', { headers: person })])
  expect(after.map(({ body }) => body.error)).not.toContain('UNAUTHENTICATED')
  expect(after[0].body).not.toMatchObject({ reason: expect.stringContaining('wrong credentials') })
  expect(after[1].status).toBe(200)
  // An import of that facility is looked at, and one of another is not.
  const signed = (name: string) =>
    shared.ask('/fhir/Patient/10100000042/$everything', {
      headers: { signature: 'sig=:AAAA:', 'signature-input': `sig=("@method");keyid="${name}"` },
    })
  expect((await signed(node.nodeName)).status).toBe(401)
  expect((await signed('node-999')).status).toBe(429)
  // Guesses are not looked at, whatever else they show.
  const hidden = [
    guess(),
    shared.ask('/operator/nodes', { headers: { authorization: basic('operator', 'guessed') } }),
    ...['/operator/session', '/operator/session/'].map((path) =>
      shared.ask(path, { method: 'POST', headers: person, body: { name: 'siti', password: 'guessed' } }),
    ),
  ]
  expect((await Promise.all(hidden)).map(({ status }) => status)).toEqual([429, 429, 429, 429])
  await shared.end()
})

test('an address that is made up counts for nothing', async () => {
  const liar = caller('127.0.0.8')
  let turn = 0
  const { count } = await letThrough(
    () => liar.ask('/healthz', { headers: { 'x-forwarded-for': `198.51.100.${++turn}` } }),
    60,
  )
  expect(count).toBe(60)
  await liar.end()
})

const onEmbedded = process.env['COUCHDB_URL'] ? test.skip : test

onEmbedded('behind a proxy that is trusted, the callers that it names count apart', async () => {
  const proxy = caller('127.0.0.9', proxied.url)
  const from = (address: string) => proxy.ask('/healthz', { headers: { 'x-forwarded-for': `192.0.2.99, ${address}` } })
  const { count } = await letThrough(() => from('198.51.100.1'), 60)
  expect(count).toBe(60)
  expect((await from('198.51.100.2')).status).toBe(200)
  await proxy.end()
})
