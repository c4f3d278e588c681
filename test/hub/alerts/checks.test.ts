import { execFileSync } from 'node:child_process'
import { checkAudit, lastAuditCheck } from '../../../hub/alerts/audit-check'
import { Certificates } from '../../../hub/alerts/certificates'
import { Lease, LeaseLost } from '../../../hub/alerts/lease'
import { auditHeads } from '../../../hub/audit/heads'
import { auditEntries } from '../../../hub/audit/list-audit'
import { chainsInOrder } from '../../../hub/audit/list-chains'
import { connect } from '../../../hub/couch/connect'
import { databaseOf } from '../../../hub/nodes/couch-nodes'
import type { Database } from '../../../hub/nodes/database'
import { type AuditOnStore, deed, startAudit } from '../audit/audit-on-store'

const HOUR_MS = 3_600_000
const START = Date.parse('2026-11-23T00:00:00.000Z')

let audit: AuditOnStore
let couch: ReturnType<typeof connect>
let nodes: Database
let nowMs = START
const now = () => new Date(nowMs)

beforeAll(async () => {
  audit = await startAudit()
  couch = connect(audit.store.address)
  nodes = databaseOf(couch.database('nodes'))
}, 60_000)
beforeEach(() => {
  nowMs = START
})
afterAll(async () => {
  await couch?.stop()
  await audit?.stop()
})

describe('a lease', () => {
  const times = { everyMs: 60_000, leaseMs: 30_000 }
  const claim = (what: string, holder: string) => Lease.claim(nodes, what, holder, { times, now })

  test('is had by one of many who ask at once', async () => {
    const claims = await Promise.all(Array.from({ length: 8 }, (_none, at) => claim('one', `gateway ${at}`)))
    expect(claims.filter((lease) => lease !== undefined)).toHaveLength(1)
  })

  test('ends when its holder is silent, who then learns of it', async () => {
    const first = await claim('silent', 'a')
    nowMs += 29_000
    expect(await claim('silent', 'b')).toBeUndefined()
    nowMs += 2_000
    expect(await claim('silent', 'b')).toBeDefined()
    await expect(first?.renew()).rejects.toThrow(LeaseLost)
  })

  test('goes on where it is renewed, and is not had again soon after it was done', async () => {
    const first = await claim('done', 'a')
    nowMs += 29_000
    await first?.renew()
    nowMs += 29_000
    expect(await claim('done', 'b')).toBeUndefined()
    await first?.done()
    expect([await claim('done', 'a'), await claim('done', 'b')]).toEqual([undefined, undefined])
    nowMs += 60_000
    expect(await claim('done', 'b')).toBeDefined()
  })

  test.each(['dies', 'is done'])(
    'of a gateway whose clock is a year ahead and that %s keeps nobody out',
    async (end) => {
      nowMs += 365 * 24 * HOUR_MS
      const first = await claim(end, 'a')
      if (end === 'is done') await first?.done()
      nowMs = START
      expect(await claim(end, 'b')).toBeDefined()
    },
  )
})

test('the audit is gone along every so many hours, and a break is put down', async () => {
  const log = audit.open()
  for (let count = 0; count < 3; count++) await log.write(deed())
  const source = {
    heads: () => auditHeads(audit.database, log.head(), now()),
    chainEntries: () => auditEntries(audit.database, { kind: 'chain' }),
    byChain: () => chainsInOrder(audit.database, {}),
  }
  const check = () => checkAudit(nodes, { everyHours: 24, holder: 'a', source, now })
  await check()
  expect(await lastAuditCheck(nodes)).toMatchObject({ breaks: 0, at: now().toISOString() })

  const [, second] = await audit.chain()
  await audit.tamper.change(second?._id ?? '', (entry) => ({ ...entry, operator: 'somebody else' }))
  nowMs += 23 * HOUR_MS
  await check()
  expect(await lastAuditCheck(nodes)).toMatchObject({ breaks: 0 })
  nowMs += 2 * HOUR_MS
  await check()
  expect(await lastAuditCheck(nodes)).toMatchObject({ breaks: 1, at: now().toISOString() })
})

test('each gateway says until when its certificate is good, and is forgotten when it is gone', async () => {
  const pem = execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      '/dev/null',
      '-days',
      '10',
      '-subj',
      '/CN=hub',
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const of = (name: string, certificate: string | undefined) =>
    new Certificates(nodes, { name, certificate: () => certificate }, now)
  const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(pem)?.[0]
  await of('hub1:8080', certificate).note()
  await of('hub2:8080', undefined).note()
  const all = await of('hub3:8080', undefined).all()
  expect(all.map(({ gateway }) => gateway)).toEqual(['hub1:8080'])
  const days = (Date.parse(all[0]?.until ?? '') - Date.now()) / 86_400_000
  expect(Math.round(days)).toBe(10)
  nowMs += HOUR_MS
  expect(await of('hub3:8080', undefined).all()).toEqual([])
})
