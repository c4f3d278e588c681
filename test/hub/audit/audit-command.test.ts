import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AuditEntry, AuditHeads, AuditList } from '../../../schemas/generated/types'
import { basic } from '../../support/ask'
import { lontar } from '../../support/command'
import { type RunningHub, startHub } from '../../support/hub'
import { registerNode } from '../../support/node'

/** `lontar hub audit …` against a hub that runs as a process, is killed, and starts again. */
let hub: RunningHub
const audit = (...args: string[]) =>
  lontar(['hub', 'audit', ...args], { HUB_URL: hub.url, HUB_OPERATOR_PASSWORD: hub.operatorPassword })
const listed = async (query = '') => ((await hub.operator(`/operator/audit${query}`)).body as AuditList).entries

beforeAll(async () => {
  hub = await startHub()
  await registerNode(hub, '101')
}, 60_000)
afterAll(async () => {
  await hub?.remove()
})

/** As an administrator of the database can who has put its rules away. */
async function unlocked(): Promise<void> {
  const { body } = await hub.couch('/audit/_design/append-only')
  const { _rev } = body as { _rev?: string }
  if (_rev) expect((await hub.couch(`/audit/_design/append-only?rev=${_rev}`, { method: 'DELETE' })).status).toBe(200)
}

async function put(entry: Partial<AuditEntry>): Promise<void> {
  const { status } = await hub.couch(`/audit/${encodeURIComponent(entry._id ?? '')}`, { method: 'PUT', body: entry })
  expect(status).toBe(201)
}

test.each([
  [['--outcome', 'maybe'], 'outcome'],
  [['--kind', '../x'], 'kind must be'],
  [['verify', '--heads', '/nonexistent'], 'does not hold what'],
  [['--format', 'xml'], 'format'],
])('refuses %j', async (args, message) => {
  const { code, out, err } = await audit(...args)
  expect([code, out]).toEqual([1, ''])
  expect(err).toContain(message)
})

test('lists what the filters mean', async () => {
  const { out } = await audit('--operator', 'operator', '--kind', 'registration', '--outcome', 'allowed')
  expect(out).toContain('registration: accept')
  expect((await audit('--operator', 'nobody')).out).toBe('No entries.\n')
  const { entries } = JSON.parse((await audit('--node', '101', '--json')).out) as AuditList
  expect(entries.map(({ node }) => node)).toEqual(entries.map(() => 'node-101'))
})

test.each([
  [
    'ndjson',
    (out: string) =>
      out
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as AuditEntry)._id),
  ],
  [
    'csv',
    (out: string) =>
      out
        .trim()
        .split('\r\n')
        .slice(1)
        .map((line) => line.split(',')[0]),
  ],
  [
    'fhir',
    (out: string) => {
      const { entry } = JSON.parse(out) as { entry: { resource: { extension: { valueString: string }[] } }[] }
      return entry.map(({ resource }) => resource.extension[0]?.valueString)
    },
  ],
])('--format %s writes the same entries', async (format, idsOf) => {
  expect(idsOf((await audit('--format', format, '--node', '101')).out)).toEqual(
    (await listed('?node=node-101')).map(({ _id }) => _id),
  )
})

test('a hub that was killed leaves its chain open, one that was stopped seals it; both are whole', async () => {
  const first = await audit('verify')
  expect(first).toMatchObject({ code: 0, err: '' })
  expect(first.out).toMatch(
    /^The audit is whole: \d+ entries in 1 chain, 0 of them sealed\.\nChain \S+ ends .*says so too\.\n$/,
  )

  await hub.kill()
  await hub.start()
  const killed = await audit('verify')
  expect(killed.code).toBe(0)
  expect(killed.out).toMatch(/is open: its gateway runs, or was killed\./)

  await registerNode(hub, '102')
  await hub.stop()
  await hub.start()
  const stopped = await audit('verify')
  expect(stopped.code).toBe(0)
  expect(stopped.out).toMatch(/^The audit is whole: \d+ entries in 2 chains, 1 of them sealed\./)
})

test('the head of the gateway that is asked shows that its end was cut off', async () => {
  await registerNode(hub, '103')
  const heads = JSON.parse((await audit('heads', '--json')).out) as AuditHeads
  expect(heads.heads).toContainEqual(heads.here)
  expect((await audit('heads')).out).toContain(heads.here?.hash)
  const last = (await listed('?limit=1000')).find(({ chain }) => chain?.hash === heads.here?.hash) as AuditEntry
  const { body } = await hub.couch(`/audit/${encodeURIComponent(last._id)}`)
  await unlocked()
  const { _rev } = body as { _rev: string }
  await hub.couch(`/audit/${encodeURIComponent(last._id)}?rev=${_rev}`, { method: 'DELETE' })
  const { code, out } = await audit('verify')
  expect([code, out.split('\n')[0]]).toEqual([1, expect.stringContaining('The audit is BROKEN. The chain ends with')])
  await put(last)
  expect((await audit('verify')).code).toBe(0)
})

test('an entry that was changed: the first line names it with its time, the exit status is 1, and a noted head agrees', async () => {
  const file = join(hub.dataFolder, 'heads.json')
  await writeFile(file, (await audit('heads', '--json')).out)
  expect((await audit('verify', '--heads', file)).code).toBe(0)
  const victim = (await listed('?kind=registration'))[0] as AuditEntry
  const { body } = await hub.couch(`/audit/${encodeURIComponent(victim._id)}`)
  await unlocked()
  await put({ ...(body as object), _id: victim._id, operator: 'somebody' })
  const { code, out } = await audit('verify')
  expect(code).toBe(1)
  expect(out.split('\n')[0]).toBe(
    `The audit is BROKEN. Entry ${victim._id} of ${victim.at} was changed: its content is not what its hash says.`,
  )
  const report = JSON.parse((await audit('verify', '--heads', file, '--json')).out) as { breaks: object[] }
  expect(report.breaks).toMatchObject([{ kind: 'altered', id: victim._id, at: victim.at }])
})

test('whoever may read the audit alone can verify it, and whoever may not can’t', async () => {
  const password = 'a long password for the tests'
  for (const role of ['viewer', 'auditor']) {
    await hub.operator('/operator/operators', { method: 'POST', body: { name: role, role, password } })
    const asked = await Promise.all(
      ['/operator/audit/heads', '/operator/audit/chains', '/operator/audit?kind=chain'].map(
        async (path) =>
          (await fetch(`${hub.url}${path}`, { headers: { authorization: basic(role, password) } })).status,
      ),
    )
    expect(asked).toEqual(asked.map(() => (role === 'auditor' ? 200 : 403)))
  }
})
