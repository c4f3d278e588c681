import { connect as openSocket, type Socket } from 'node:net'
import { Agent, request } from 'undici'
import { newNonce, signImport } from '../../protocol/import-signature'
import { mrnOf } from '../../protocol/mrn'
import type { NodeConfiguration } from '../../schemas/generated/types'
import { askJson, basic } from '../support/ask'
import { startCouch, type TestCouch } from '../support/couch'
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process'
import { type NodeAccount, registerNode } from '../support/node'
import { temporaryFolder, until } from '../support/processes'
import { firstRevision, location } from '../support/records'

/** What the issue promises, at every gateway. */
const WITHIN_MS = 5_000
const HASH = '0'.repeat(32)

let store: TestCouch
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let gateways: [GatewayProcess, GatewayProcess]

beforeAll(async () => {
  store = await startCouch()
  folder = await temporaryFolder()
  const start = (name: string) => startGatewayProcess(store, `${folder.path}/${name}`)
  gateways = [await start('one'), await start('two')]
}, 60_000)
afterAll(async () => {
  for (const gateway of gateways ?? []) await gateway.kill()
  await store?.stop()
  await folder?.remove()
})

type Importer = NodeAccount & { nodePassword: string; mrn: string }

async function importer(externalId: string): Promise<Importer> {
  const account = await registerNode(gateways[0], externalId)
  const authorization = basic(account.nodeName, account.syncPassword)
  await askJson(`${gateways[1].url}/node/data-access`, authorization, { method: 'POST', body: {} })
  const path = `/operator/nodes/${account.nodeName}/data-access/accept`
  expect((await gateways[0].operator(path, { method: 'POST', body: {} })).status).toBe(200)
  const { body } = await askJson(`${gateways[1].url}/node/configuration`, authorization)
  const mrn = mrnOf(externalId, 1)
  const envelope = { type: 'Patient', mrn, facility: externalId, recordedAt: '2026-01-15T00:00:00.000Z' }
  const patient = { _id: `${mrn}:Patient`, ...envelope, resource: { resourceType: 'Patient', id: mrn } }
  const pushed = await askJson(`${gateways[0].url}/sync/ehr/_bulk_docs`, authorization, {
    method: 'POST',
    body: { new_edits: false, docs: [firstRevision(patient, HASH)] },
  })
  expect(pushed).toMatchObject({ status: 201, body: [] })
  return { ...account, nodePassword: (body as NodeConfiguration).dataAccess.nodePassword ?? '', mrn }
}

interface Asked {
  atMs: number
  status: number
  code?: string
}

/** Asks again and again over one kept connection, until it is stopped; tells what came of each. */
function keepAsking(ask: (agent: Agent, number: number) => Promise<{ status: number; text: string }>) {
  const asked: Asked[] = []
  const agent = new Agent({ connections: 1, keepAliveTimeout: 60_000 })
  let isOver = false
  const loop = (async () => {
    for (let number = 0; !isOver; number++) {
      const { status, text } = await ask(agent, number)
      const code = /"(?:error|code)":"([A-Z_]+)"/.exec(text)?.[1]
      asked.push({ atMs: performance.now(), status, ...(code !== undefined && { code }) })
    }
  })()
  return {
    asked,
    async stop() {
      isOver = true
      await loop
      await agent.close()
    },
  }
}

const pushing = (gateway: GatewayProcess, { nodeName, syncPassword, externalId }: NodeAccount, series: string) =>
  keepAsking(async (dispatcher, number) => {
    const answer = await request(`${gateway.url}/sync/ehr/_bulk_docs`, {
      method: 'POST',
      dispatcher,
      headers: { authorization: basic(nodeName, syncPassword), 'content-type': 'application/json' },
      body: JSON.stringify({
        new_edits: false,
        docs: [firstRevision(location(externalId, `${series}${number}`), HASH)],
      }),
    })
    const text = await answer.body.text()
    // A document that is refused by itself would be taken for a document's fault, and kept on a list.
    return { status: text === '[]' || answer.statusCode !== 201 ? answer.statusCode : 999, text }
  })

const importing = (gateway: GatewayProcess, signer: Importer) =>
  keepAsking(async (dispatcher) => {
    const url = new URL(`${gateway.url}/fhir/Patient/${signer.mrn}/$everything`)
    const headers = await signImport({ method: 'GET', url, purpose: 'TREAT' }, signer, {
      now: new Date(),
      nonce: newNonce(),
    })
    const answer = await request(url, { headers, dispatcher })
    return { status: answer.statusCode, text: await answer.body.text() }
  })

/** From when on everything was refused, in milliseconds after `fromMs`. */
function refusedAfterMs(asked: readonly Asked[], fromMs: number): number {
  const lastTaken = asked.findLast(({ status }) => status < 300)
  return Math.max(0, (lastTaken?.atMs ?? fromMs) - fromMs)
}

test('suspension ends running pushes and signed imports at both gateways within five seconds, and says why', async () => {
  const node = await importer('501')
  const runs = [
    pushing(gateways[0], node, 'a'),
    pushing(gateways[1], node, 'b'),
    importing(gateways[0], node),
    importing(gateways[1], node),
  ]
  for (const { asked } of runs) await until('it runs', async () => asked.length > 5)
  const suspended = await gateways[0].operator('/operator/nodes/node-501/suspend', {
    method: 'POST',
    body: { reason: 'Stolen.' },
  })
  const fromMs = performance.now()
  expect(suspended.status).toBe(200)
  for (const { asked } of runs) {
    await until('it is refused', async () => asked.at(-1)?.code === 'NODE_SUSPENDED', WITHIN_MS + 1_000)
  }
  await new Promise((resume) => setTimeout(resume, WITHIN_MS))
  for (const run of runs) await run.stop()
  for (const { asked } of runs) {
    expect(refusedAfterMs(asked, fromMs)).toBeLessThan(WITHIN_MS)
    // Nothing but taken before and refused after: no document was refused by itself, and nobody was called unknown.
    expect(new Set(asked.map(({ status, code }) => `${status} ${code ?? ''}`.trim()))).toEqual(
      new Set([asked[0]?.status === 201 ? '201' : '200', '403 NODE_SUSPENDED']),
    )
  }
  const { body } = await gateways[1].operator('/operator/refused?node=node-501')
  expect(body).toEqual({ refused: [] })
  await gateways[1].operator('/operator/nodes/node-501/resume', { method: 'POST', body: {} })
  for (const gateway of gateways) {
    const back = pushing(gateway, node, 'c')
    await until('it is back', async () => back.asked.at(-1)?.status === 201, WITHIN_MS)
    await back.stop()
  }
}, 90_000)

test('a push that began before the suspension and sends its body slowly is refused at its end', async () => {
  const { nodeName, syncPassword } = await registerNode(gateways[0], '502')
  const body = JSON.stringify({ new_edits: false, docs: [firstRevision(location('502', 'slow'), HASH)] })
  const { hostname, port } = new URL(gateways[1].url)
  const socket = openSocket(Number(port), hostname)
  const answer = textOf(socket)
  socket.write(
    `POST /sync/ehr/_bulk_docs HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nAuthorization: ${basic(nodeName, syncPassword)}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 20)}`,
  )
  const configuration = () => askJson(`${gateways[1].url}/node/configuration`, basic(nodeName, syncPassword))
  await until('the gateway knows it', async () => (await configuration()).status === 200)
  await gateways[0].operator('/operator/nodes/node-502/suspend', { method: 'POST', body: { reason: 'Stolen.' } })
  await until('it is suspended', async () => (await configuration()).status === 403, WITHIN_MS)
  socket.write(body.slice(20))
  expect(await answer).toMatch(/^HTTP\/1\.1 403 [\s\S]*"NODE_SUSPENDED"[\s\S]*Stolen\./)
})

test('data access that is taken away ends running imports at both gateways within five seconds, and no push', async () => {
  const node = await importer('503')
  const imports = gateways.map((gateway) => importing(gateway, node))
  const push = pushing(gateways[1], node, 'a')
  for (const { asked } of [...imports, push]) await until('it runs', async () => asked.length > 5)
  const path = '/operator/nodes/node-503/data-access/reject'
  const rejected = await gateways[0].operator(path, { method: 'POST', body: { reason: 'No contract.' } })
  const fromMs = performance.now()
  expect(rejected.status).toBe(200)
  for (const { asked } of imports) {
    await until('it is refused', async () => (asked.at(-1)?.status ?? 0) >= 400, WITHIN_MS + 1_000)
  }
  await new Promise((resume) => setTimeout(resume, WITHIN_MS))
  for (const run of [...imports, push]) await run.stop()
  for (const { asked } of imports) {
    expect(refusedAfterMs(asked, fromMs)).toBeLessThan(WITHIN_MS)
    expect(['DATA_ACCESS_REQUIRED', 'SIGNATURE_INVALID']).toContain(asked.at(-1)?.code)
  }
  expect(new Set(push.asked.map(({ status }) => status))).toEqual(new Set([201]))
}, 60_000)

async function textOf(socket: Socket): Promise<string> {
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  return text
}
