import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { hashOfClaim, pairingCodeOf } from '../../protocol/claim'
import type { AuditList, NodeList, RegistrationList, RekeyResult } from '../../schemas/generated/types'
import { askJson, basic } from '../support/ask'
import { type RunningHub, startHub } from '../support/hub'
import { registerNode } from '../support/node'
import { until } from '../support/processes'

let hub: RunningHub

beforeAll(async () => {
  hub = await startHub()
}, 90_000)
afterAll(() => hub?.remove())

interface Ended {
  code: number | null
  out: string
  err: string
}

function lontar(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [resolve(__dirname, '../../bin/lontar.js'), 'hub', ...args], {
    env: { PATH: process.env['PATH'] ?? '', HUB_URL: hub.url, HUB_OPERATOR_PASSWORD: hub.operatorPassword, ...env },
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  return new Promise((ended) => child.once('close', (code) => ended({ code, out, err })))
}

async function register(externalId: string, name: string): Promise<{ pairingCode: string }> {
  const claimHash = hashOfClaim(randomBytes(32).toString('base64url'))
  await askJson(`${hub.url}/registrations`, undefined, { method: 'POST', body: { externalId, name, claimHash } })
  return { pairingCode: pairingCodeOf(claimHash) }
}

const json = async <T>(...args: string[]) => JSON.parse((await lontar([...args, '--json'])).out) as T

test.each([
  ['a wrong password', { HUB_OPERATOR_PASSWORD: 'wrong' }, 'does not take this operator password'],
  ['no password', { HUB_OPERATOR_PASSWORD: '', HUB_DATA: '/nonexistent' }, 'Set HUB_OPERATOR_PASSWORD'],
  ['a hub that does not run', { HUB_URL: 'http://127.0.0.1:1' }, 'No hub answers at http://127.0.0.1:1'],
  ['an address without protection', { HUB_URL: 'http://hub.example' }, 'HUB_URL must be'],
])('says in one line what is wrong with %s, and fails', async (_what, env, message) => {
  const { code, out, err } = await lontar(['nodes'], env)
  expect([code, out]).toEqual([1, ''])
  expect(err).toContain(message)
  expect(err).not.toContain('    at ')
})

test('a refusal of the hub is shown with its code, and fails', async () => {
  const { code, err } = await lontar(['accept', 'a'.repeat(26)])
  expect(code).toBe(1)
  expect(err).toContain('REGISTRATION_UNKNOWN')
})

test('a facility is looked at, accepted, suspended and resumed; another rejected', async () => {
  expect((await lontar(['registrations'])).out).toBe('No registrations.\n')
  const { pairingCode } = await register('101', 'RSUD Saumlaki')
  await register('102', 'RSUD \u001b[2J Ruteng')
  const shown = await lontar(['registrations', '--status', 'pending'])
  expect(shown.out).toContain(`${pairingCode.slice(0, 4)} ${pairingCode.slice(4)}`)
  expect(shown.out).not.toContain('\u001b')
  const { registrations } = await json<RegistrationList>('registrations')
  const idOf = (externalId: string) => registrations.find((one) => one.externalId === externalId)?.id ?? ''

  expect(await lontar(['accept', idOf('101')])).toMatchObject({
    code: 0,
    out: expect.stringContaining('RSUD Saumlaki'),
  })
  expect((await lontar(['reject', idOf('102'), '--reason', 'Call us.'])).code).toBe(0)
  expect((await lontar(['suspend', '101', '--reason', 'Stolen.'])).code).toBe(0)
  expect((await lontar(['nodes'])).out).toMatch(/node-101 +RSUD Saumlaki +suspended/)
  expect((await lontar(['resume', 'node-101'])).code).toBe(0)
  expect((await json<NodeList>('nodes')).nodes).toMatchObject([{ nodeName: 'node-101', state: 'active' }])

  const { entries } = await json<AuditList>('audit', '--node', '101')
  expect(entries.map(({ action, outcome }) => [action, outcome])).toEqual([
    ['accept', 'allowed'],
    ['suspend', 'allowed'],
    ['resume', 'allowed'],
  ])
  const page = await lontar(['audit', '--limit', '1'])
  expect(page.out).toMatch(/There are more: add --cursor \S+/)
})

test('passwords are renewed with an overlap or at once, and a rekey of what is right changes nothing', async () => {
  const account = await registerNode(hub, '103')
  const status = async () =>
    (await askJson(`${hub.url}/node/configuration`, basic(account.nodeName, account.syncPassword))).status
  expect(await status()).toBe(200)
  expect((await lontar(['rotate', '103'])).out).toContain('the old ones stop when it uses the new ones')
  expect(await status()).toBe(200)
  expect((await lontar(['rotate', '103', '--now'])).out).toContain('the old ones have stopped')
  await until('they have', async () => (await status()) === 401, 5_000)

  expect(await json<RekeyResult>('rekey')).toMatchObject({ finished: true, resealed: 0, unreadable: [] })
  await hub.couch('/node_security/node-104', {
    method: 'PUT',
    body: { kind: 'credentials', syncPasswordSealed: 'v1.00000000.AAAA' },
  })
  const refused = await lontar(['rekey'])
  expect([refused.code, refused.out]).toEqual([
    1,
    expect.stringMatching(/Not finished: keep HUB_SECRET_KEY_PREVIOUS[\s\S]*node-104/),
  ])
}, 90_000)
