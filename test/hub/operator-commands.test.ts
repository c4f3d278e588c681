import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { TOTP } from 'otpauth'
import type { OperatorList, OperatorSummary } from '../../schemas/generated/types'
import { askJson, basic } from '../support/ask'
import { type RunningHub, startHub } from '../support/hub'
import { until } from '../support/processes'

// Each command is a process of its own.
jest.setTimeout(150_000)

let hub: RunningHub
const PASSWORD = 'empat kuda di pantai'
const NEW = 'lima perahu di laut'

beforeAll(async () => {
  hub = await startHub()
}, 90_000)
afterAll(() => hub?.remove())

interface Ended {
  code: number | null
  out: string
  err: string
}

function lontar(args: readonly string[], env: Record<string, string> = {}, input?: string): Promise<Ended> {
  const child = spawn(process.execPath, [resolve(__dirname, '../../bin/lontar.js'), 'hub', ...args], {
    env: { PATH: process.env['PATH'] ?? '', HUB_URL: hub.url, HUB_OPERATOR_PASSWORD: hub.operatorPassword, ...env },
  })
  const texts = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    texts.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    texts.err += chunk
  })
  child.stdin.end(input)
  return new Promise((ended) => child.once('close', (code) => ended({ code, ...texts })))
}

const operators = (args: readonly string[], env?: Record<string, string>, input?: string) =>
  lontar(['operators', ...args], env, input)
const as = (name: string, password = PASSWORD) => ({ HUB_OPERATOR_NAME: name, HUB_OPERATOR_PASSWORD: password })
const listed = async (name: string): Promise<OperatorSummary | undefined> => {
  const { out } = await operators(['--json'])
  return (JSON.parse(out) as OperatorList).operators.find((one) => one.name === name)
}

test.each([
  ['a role that there is not', ['add', 'siti', '--role', 'king', '--password-stdin'], PASSWORD, 'Allowed choices'],
  ['no role', ['add', 'siti', '--password-stdin'], PASSWORD, '--role'],
  ['a weak password', ['add', 'siti', '--role', 'viewer', '--password-stdin'], 'short', 'PASSWORD_WEAK'],
  ['nobody at a terminal', ['add', 'siti', '--role', 'viewer'], undefined, '--password-stdin'],
  ['somebody whom there is not', ['remove', 'nobody.here'], undefined, 'OPERATOR_UNKNOWN'],
  ['the first account', ['remove', 'operator'], undefined, 'OPERATOR_FIXED'],
])('says in one line what is wrong with %s, and fails', async (_what, args, input, message) => {
  const { code, err } = await operators(args, {}, input)
  expect([code, err]).toEqual([1, expect.stringContaining(message)])
  expect(err).not.toContain('    at ')
  expect(await listed('siti')).toBeUndefined()
})

test('an account is made, used, given another password and role, and removed', async () => {
  expect((await operators(['add', 'andi', '--role', 'operator', '--password-stdin'], {}, `${PASSWORD}\n`)).code).toBe(0)
  expect((await operators([])).out).toMatch(/andi +operator +off +never/)
  expect((await lontar(['nodes'], as('andi'))).code).toBe(0)
  expect((await lontar(['nodes'], as('andi', 'wrong'))).err).toContain('does not take this operator password')

  const own = await operators(['password', 'andi', '--password-stdin'], as('andi'), NEW)
  expect([own.err, own.code]).toEqual(['', 0])
  expect((await lontar(['nodes'], as('andi'))).code).toBe(1)
  expect((await operators(['role', 'andi', 'viewer'])).out).toBe('andi is viewer.\n')
  expect((await lontar(['nodes'], as('andi', NEW))).code).toBe(0)
  expect((await lontar(['suspend', '101'], as('andi', NEW))).err).toContain('FORBIDDEN')
  expect((await operators(['remove', 'andi'])).code).toBe(0)
  expect((await lontar(['nodes'], as('andi', NEW))).code).toBe(1)
})

test('a locked name is shown, says so, and is unlocked', async () => {
  await operators(['add', 'budi', '--role', 'viewer', '--password-stdin'], {}, PASSWORD)
  await until('it is locked', async () => {
    const { body } = await askJson(`${hub.url}/operator/nodes`, basic('budi', 'wrong'))
    return (body as { error: string }).error === 'LOCKED'
  })
  expect((await lontar(['nodes'], as('budi'))).err).toMatch(/the next one counts in \d+ s\. \(LOCKED\)/)
  expect((await listed('budi'))?.lockedUntil).toBeDefined()
  expect((await operators(['unlock', 'budi'])).out).toBe('budi can try again.\n')
  expect((await lontar(['nodes'], as('budi'))).code).toBe(0)
})

test('a second factor is begun, confirmed, used with a code and taken off', async () => {
  await operators(['add', 'citra', '--role', 'viewer', '--password-stdin'], {}, PASSWORD)
  const { out } = await operators(['totp'], as('citra'))
  const secret = /^ {2}([A-Z2-7]{32})$/m.exec(out)?.[1] ?? ''
  const code = (offMs = 0) => new TOTP({ secret }).generate({ timestamp: Date.now() + offMs })
  expect((await operators(['totp-on', '000000'], as('citra'))).err).toContain('TOTP_WRONG')
  expect((await operators(['totp-on', code()], as('citra'))).code).toBe(0)
  expect((await lontar(['nodes'], as('citra'))).err).toContain('does not take this operator password')
  // The next one, which is taken a step early: the present one was used to switch it on.
  const next = { ...as('citra'), HUB_OPERATOR_CODE: code(30_000) }
  expect(await lontar(['nodes'], next)).toMatchObject({ code: 0, err: '' })
  expect((await lontar(['nodes'], next)).code).toBe(1)
  expect((await operators(['totp-off', 'citra'])).code).toBe(0)
  expect((await lontar(['nodes'], as('citra'))).code).toBe(0)
})
