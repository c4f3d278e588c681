import { createHmac } from 'node:crypto'
import { DEFAULT_SETTINGS } from '../../../hub/alerts/rules'
import type { AlertList, AlertSettings, AlertTestResult } from '../../../schemas/generated/types'
import { isAlertMessage } from '../../../schemas/generated/validators'
import { askJson, basic } from '../../support/ask'
import { startCouch, type TestCouch } from '../../support/couch'
import { type GatewayProcess, startGatewayProcess } from '../../support/gateway-process'
import { registerNode } from '../../support/node'
import { type Running, temporaryFolder, until } from '../../support/processes'
import { type Hook, type Mailbox, startHook, startMailbox } from './receivers'

const SECRET = 'a secret of the tests'
const NONE: Partial<Rules> = Object.fromEntries(Object.keys(DEFAULT_SETTINGS.rules).map((kind) => [kind, null]))
const OFF: Rules = { ...DEFAULT_SETTINGS.rules, ...NONE }
/** Beyond at once: whoever was let in was let in some milliseconds ago. */
const SILENT = { ...OFF, 'node-silent': 0 }
type Rules = AlertSettings['rules']

let store: TestCouch
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let hub: GatewayProcess
let hook: Hook
let mailbox: Mailbox
const gateways: Running[] = []

beforeAll(async () => {
  ;[hook, mailbox] = await Promise.all([startHook(), startMailbox()])
  // It evaluates nothing itself, so that each test knows which gateways do.
  store = await startCouch()
  folder = await temporaryFolder()
  const env = { HUB_ALERT_SECONDS: '3600', HUB_SMTP_URL: mailbox.url, HUB_SMTP_FROM: 'hub@example.org' }
  hub = await startGatewayProcess(store, folder.path, env)
  await registerNode(hub, '101')
}, 120_000)
afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.kill()
})
afterAll(async () => {
  await hub?.kill()
  await store?.stop()
  await folder?.remove()
  await Promise.all([hook?.close(), mailbox?.close()])
})

async function gateway(more: Readonly<Record<string, string>> = {}): Promise<Running> {
  const started = await startGatewayProcess(store, folder.path, { HUB_ALERT_SECONDS: '1', ...more })
  gateways.push(started)
  return started
}

async function set(rules: Rules, more: object = {}): Promise<{ status: number; body: unknown }> {
  const settings = { rules, auditCheckHours: 24, repeatHours: 24, ...more }
  return hub.operator('/operator/alert-settings', { method: 'PUT', body: settings })
}

const couch = (path: string) =>
  askJson(`${store.address.url}${path}`, basic(store.address.username, store.address.password.reveal()))
const listed = async () => (await hub.operator('/operator/alerts')).body as AlertList
/** Documents of alerts in the database. */
const kept = async () =>
  ((await couch('/nodes/_all_docs?startkey="alert:"&endkey="alert:z"')).body as { rows: unknown[] }).rows
const toHook = () => ({ webhook: { url: hook.url, secret: SECRET } })

/** So many more evaluations are over. */
async function evaluations(many: number): Promise<void> {
  let last = (await listed()).evaluatedAt
  for (let count = 0; count < many; count++) {
    last = await until('another evaluation', async () => {
      const { evaluatedAt } = await listed()
      return evaluatedAt !== last && evaluatedAt
    })
  }
}

test.each([
  'http://alerts.example.org/hook',
  'ftp://127.0.0.1/hook',
  'https://name:password@alerts.example.org/',
  'javascript:alert(1)',
  'no address',
])('a webhook is not at %s', async (url) => {
  expect(await set(OFF, { webhook: { url, secret: SECRET } })).toMatchObject({ status: 400 })
})

test('a webhook has a secret from the first time on', async () => {
  expect(await set(OFF, { webhook: { url: hook.url } })).toMatchObject({ status: 400 })
  expect((await hub.operator('/operator/alert-settings')).body).toEqual(DEFAULT_SETTINGS)
})

test('its secret is shown nowhere, and sealed in the database', async () => {
  const set1 = await set(OFF, toHook())
  expect(set1).toMatchObject({ status: 200, body: { webhook: { url: hook.url } } })
  expect((await set(OFF, { webhook: { url: hook.url } })).status).toBe(200)
  for (const path of ['/nodes/alert-settings', '/node_security/alert-webhook']) {
    const { status, body } = await couch(path)
    expect([status, JSON.stringify(body).includes(SECRET)]).toEqual([200, false])
  }
  const { body: audit } = await hub.operator('/operator/audit?kind=configuration&limit=500')
  expect(JSON.stringify(audit)).toContain('alert-settings')
  expect(JSON.stringify(audit)).not.toContain(SECRET)
  expect(JSON.stringify([set1.body, hub.output()])).not.toContain(SECRET)
})

test('a test is sent to each place, and the operator learns what came of it', async () => {
  await set(OFF, { ...toHook(), email: { to: ['siaga@example.org'] } })
  const tried = () => hub.operator('/operator/alert-settings/test', { method: 'POST', body: {} })
  expect((await tried()).body).toEqual({ webhook: { sent: true }, email: { sent: true } })
  const { message, body, signature } = hook.received.at(-1) ?? ({} as Hook['received'][number])
  expect([message.kind, isAlertMessage(message)]).toEqual(['test', true])
  const [, seconds = '', given] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? []
  expect(given).toBe(createHmac('sha256', SECRET).update(`${seconds}.${body}`).digest('hex'))
  expect(Math.abs(Number(seconds) * 1_000 - Date.now())).toBeLessThan(60_000)
  expect(mailbox.letters.at(-1)).toMatchObject({ from: 'hub@example.org', to: ['siaga@example.org'] })

  const before = hook.received.length
  hook.status = 302
  expect(((await tried()).body as AlertTestResult).webhook).toEqual({
    sent: false,
    problem: 'The webhook answered 302.',
  })
  hook.status = 204
  // It was not followed.
  expect(hook.received).toHaveLength(before + 1)
})

test('a viewer reads what is wrong and changes nothing', async () => {
  const body = { name: 'looks', role: 'viewer', password: 'a long password for the tests' }
  await hub.operator('/operator/operators', { method: 'POST', body })
  const as = (path: string, method = 'GET') =>
    askJson(`${hub.url}/operator/${path}`, basic('looks', body.password), {
      method,
      ...(method !== 'GET' && { body: { rules: OFF, auditCheckHours: 24, repeatHours: 24 } }),
    })
  const answers = [as('alerts'), as('alert-settings'), as('alert-settings', 'PUT'), as('alert-settings/test', 'POST')]
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 403, 403])
})

describe('with two gateways', () => {
  test('an alert and its end are told once, by webhook and by e-mail, and nothing of a patient with them', async () => {
    hook.received.length = 0
    mailbox.letters.length = 0
    const mail = { HUB_SMTP_URL: mailbox.url, HUB_SMTP_FROM: 'hub@example.org' }
    await Promise.all([gateway(mail), gateway(mail)])
    await set(SILENT, { ...toHook(), email: { to: ['siaga@example.org', 'dinas@example.org'] } })
    await until('told', async () => hook.received.length > 0 && mailbox.letters.length > 0)
    await evaluations(6)
    expect(hook.received.map(({ message }) => message.alerts)).toMatchObject([
      [{ event: 'raised', kind: 'node-silent', nodeName: 'node-101', runbook: 'docs/runbooks/node-silent.md' }],
    ])
    expect(mailbox.letters).toHaveLength(1)
    expect(mailbox.letters[0]?.to).toEqual(['siaga@example.org', 'dinas@example.org'])
    expect(mailbox.letters[0]?.text).toMatch(/^Subject: \[Lontar\] 1 new/m)
    expect((await listed()).alerts).toMatchObject([{ kind: 'node-silent', nodeName: 'node-101', threshold: 0 }])

    await set(OFF, { ...toHook(), email: { to: ['siaga@example.org'] } })
    await until('its end is told', async () => hook.received.length > 1 && mailbox.letters.length > 1)
    await evaluations(4)
    expect(hook.received.slice(1).map(({ message }) => message.alerts)).toMatchObject([[{ event: 'resolved' }]])
    expect(mailbox.letters).toHaveLength(2)
    expect((await listed()).alerts).toEqual([])
    expect(await kept()).toEqual([])
  }, 120_000)

  test('what the webhook does not take is told until it does', async () => {
    hook.received.length = 0
    hook.status = 500
    await gateway()
    await set(SILENT, toHook())
    await until('tried three times', async () => hook.received.length >= 3)
    hook.status = 204
    const failed = hook.received.length
    await until('taken', async () => hook.received.length > failed)
    await evaluations(3)
    expect(hook.received.length - failed).toBeLessThanOrEqual(2)
    expect(new Set(hook.received.map(({ message }) => message.alerts[0]?.id)).size).toBe(1)
    await set(OFF, toHook())
    await until('its end is told, and nothing of it is left', async () => (await kept()).length === 0)
  }, 120_000)

  test('a gateway that is killed while it tells leaves it to the other, under the same id', async () => {
    hook.received.length = 0
    hook.status = undefined
    const first = await gateway()
    await set(SILENT, toHook())
    await until('the first one tells', async () => hook.received.length === 1)
    await gateway()
    await first.kill()
    await until('the other one tells', async () => hook.received.length === 2, 120_000)
    hook.status = 204
    hook.received[1]?.answer(204)
    await evaluations(3)
    const ids = hook.received.map(({ message }) => message.alerts[0]?.id)
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
  }, 180_000)
})
