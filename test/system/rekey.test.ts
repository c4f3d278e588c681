import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { newNonce, signImport } from '../../protocol/import-signature'
import { leadsTo } from '../../protocol/receipt-key'
import type { AuditList, NodeConfiguration, ReceiptKey, RekeyResult, VerifyStatus } from '../../schemas/generated/types'
import { Random } from '../../scripts/made-up/random'
import { askJson, basic } from '../support/ask'
import { startCouch, type TestCouch } from '../support/couch'
import { acceptEdge, type RunningEdge, startEdge } from '../support/edge'
import { type GatewayProcess, operatorEnv, SECRET_KEY, startGatewayProcess } from '../support/gateway-process'
import { type NodeAccount, registerNode } from '../support/node'
import { temporaryFolder, until } from '../support/processes'

const MINUTES = 60_000
const NODES = 12
const KILLS = 6
const SEED = Number(process.env['SEED'] ?? 20261123)
const NEW_KEY = Buffer.alloc(32, 8).toString('base64url')
const CHANGING = { HUB_SECRET_KEY: NEW_KEY, HUB_SECRET_KEY_PREVIOUS: SECRET_KEY }

let store: TestCouch
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let edge: RunningEdge | undefined
const gateways: GatewayProcess[] = []
let folders = 0

beforeAll(async () => {
  store = await startCouch()
  folder = await temporaryFolder()
})
afterAll(async () => {
  await edge?.remove()
  for (const gateway of gateways) await gateway.kill()
  await store?.stop()
  await folder?.remove()
})

async function start(env: Record<string, string> = {}, port = '0'): Promise<GatewayProcess> {
  const gateway = await startGatewayProcess(store, `${folder.path}/${folders++}`, { ...env, HUB_PORT: port })
  gateways.push(gateway)
  return gateway
}

type Signer = NodeAccount & { nodePassword: string }

async function signer(gateway: GatewayProcess, externalId: string): Promise<Signer> {
  const account = await registerNode(gateway, externalId)
  const authorization = basic(account.nodeName, account.syncPassword)
  await askJson(`${gateway.url}/node/data-access`, authorization, { method: 'POST', body: {} })
  await gateway.operator(`/operator/nodes/${account.nodeName}/data-access/accept`, { method: 'POST', body: {} })
  const { body } = await askJson(`${gateway.url}/node/configuration`, authorization)
  return { ...account, nodePassword: (body as NodeConfiguration).dataAccess.nodePassword ?? '' }
}

/** What a node's signed import comes to, of a patient whom nobody knows: the signature was right. */
async function imports(gateway: GatewayProcess, by: Signer): Promise<number> {
  const url = new URL(`${gateway.url}/fhir/Patient/99900000018/$everything`)
  const headers = await signImport({ method: 'GET', url, purpose: 'TREAT' }, by, { now: new Date(), nonce: newNonce() })
  return (await fetch(url, { headers })).status
}

const receiptKey = async (gateway: GatewayProcess) =>
  (await askJson(`${gateway.url}/receipt-key`, undefined)).body as ReceiptKey

function command(gateway: GatewayProcess): Promise<{ status: number | null; output: string }> {
  const child = spawn(process.execPath, [resolve(__dirname, '../../bin/lontar.js'), 'hub', 'rekey'], {
    env: { PATH: process.env['PATH'] ?? '', ...operatorEnv(gateway) },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return new Promise((done) => child.once('exit', (status) => done({ status, output })))
}

test(
  'HUB_SECRET_KEY is replaced while gateways and edges run, and kill -9 at any moment costs nothing but another call',
  async () => {
    const first = await start()
    const facility = await startEdge('700', first.url)
    edge = facility
    await acceptEdge(first, facility)
    const verified = async () => {
      const before = ((await facility.ask('/verify')).body as VerifyStatus).last?.finishedAt
      await facility.ask('/verify', { method: 'POST', body: {} })
      return until('it has verified', async () => {
        const status = (await facility.ask('/verify')).body as VerifyStatus
        return status.last !== undefined && status.last.finishedAt !== before && status
      })
    }
    expect(await verified()).toMatchObject({ last: { outcome: 'agrees' } })
    const nodes: Signer[] = []
    for (let index = 0; index < NODES; index++) nodes.push(await signer(first, `8${index + 10}`))
    const trusted = await receiptKey(first)
    const port = new URL(first.url).port
    await first.stop()

    // The gateway of the edge, and the one that does the work and is killed.
    const calm = await start(CHANGING, port)
    const worker = await start(CHANGING)
    expect(calm.output()).toContain('lontar hub rekey')
    const random = new Random(SEED)
    let resealed = 0
    for (let kill = 0; kill < KILLS; kill++) {
      const asked = worker.operator('/operator/rekey', { method: 'POST', body: {} }).then(
        ({ body }) => (resealed += (body as RekeyResult).resealed),
        () => undefined,
      )
      await new Promise((later) => setTimeout(later, random.whole(0, 120)))
      await worker.kill()
      await asked
      for (const node of nodes.slice(0, 3)) expect(await imports(calm, node)).toBe(404)
      await worker.start()
    }
    const told = await command(worker)
    expect(told).toMatchObject({ status: 0, output: expect.stringContaining('HUB_SECRET_KEY_PREVIOUS can be dropped') })

    // Those who never stopped, those who start with the new key alone, and the one with the old key.
    const alone = await start({ HUB_SECRET_KEY: NEW_KEY })
    for (const gateway of [calm, worker, alone]) {
      for (const node of nodes) expect(await imports(gateway, node)).toBe(404)
    }
    await expect(start()).rejects.toThrow(
      /HUB_SECRET_KEY is not the one that the secrets in this database are sealed with/,
    )

    // The edge goes on by itself: the old key of receipts has signed for the new one, once.
    const fresh = await receiptKey(alone)
    expect(fresh.publicKey).not.toBe(trusted.publicKey)
    expect(fresh.earlier).toHaveLength(1)
    expect(leadsTo(trusted, fresh)).toBe(true)
    await until('every gateway has it', async () => (await receiptKey(calm)).publicKey === fresh.publicKey, 5_000)
    expect(await verified()).toMatchObject({ last: { outcome: 'agrees' }, receipt: { hubId: fresh.hubId } })

    const { entries } = (await alone.operator('/operator/audit?limit=1000')).body as AuditList
    const rekeys = entries.filter(({ kind }) => kind === 'configuration')
    expect(rekeys.length).toBeGreaterThan(0)
    expect(rekeys[0]).toMatchObject({ action: 'rekey', outcome: 'allowed', operator: 'operator' })
  },
  6 * MINUTES,
)
