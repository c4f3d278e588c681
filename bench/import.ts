import { Agent, request } from 'undici'
import { newNonce, signImport } from '../protocol/import-signature'
import type { NodeConfiguration } from '../schemas/generated/types'
import { askJson, basic } from '../test/support/ask'
import { patientBundles } from '../test/support/bundles'
import { acceptEdge, startEdge } from '../test/support/edge'
import { type RunningHub, startHub } from '../test/support/hub'
import { registerNode } from '../test/support/node'
import { type Figure, printTable } from './table'

const WARM_UP = 50
/** The two take turns, so that what else the machine does meets both alike. */
const ROUNDS = 20
const REQUESTS_A_ROUND = 30
const AT_ONCE = [1, 8]

interface Measured {
  seconds: number
  timesMs: number[]
}

/** A whole record by a signed, audited import at the hub, against the bare range read of the same record in its store. */
export async function benchImport(): Promise<void> {
  const hub = await startHub()
  const home = await startEdge('101', hub.url)
  const agent = new Agent({ connections: Math.max(...AT_ONCE) })
  try {
    await acceptEdge(hub, home)
    for (const bundle of patientBundles(5)) await home.ask('/load', { method: 'POST', body: bundle })
    await home.synced(600_000)
    const mrn = await medianPatient(hub)
    const signer = await importer(hub)
    const bare = await bareRead(hub, mrn, agent)
    const signed = signedImport(hub, mrn, signer, agent)
    for (const concurrency of AT_ONCE) {
      await measure(bare.ask, WARM_UP, concurrency)
      await measure(signed, WARM_UP, concurrency)
      const rounds: { peer: Measured[]; ours: Measured[] } = { peer: [], ours: [] }
      for (let round = 0; round < ROUNDS; round++) {
        rounds.peer.push(await measure(bare.ask, REQUESTS_A_ROUND, concurrency))
        rounds.ours.push(await measure(signed, REQUESTS_A_ROUND, concurrency))
      }
      const peer = figuresOf(rounds.peer)
      const ours = figuresOf(rounds.ours)
      const rows: Figure[] = [
        ['requests/s', peer.perSecond, ours.perSecond, 'more'],
        ['p50, ms', peer.p50Ms, ours.p50Ms, 'less'],
        ['p99, ms', peer.p99Ms, ours.p99Ms, 'less'],
      ]
      const requests = ROUNDS * REQUESTS_A_ROUND
      const what = `import of a record of ${bare.documents} documents, ${requests} requests, ${concurrency} at once`
      printTable(what, 'bare _all_docs', 'signed import', rows)
      process.stdout.write(`p50 of a signed import: ${(ours.p50Ms / peer.p50Ms).toFixed(2)} times the bare read\n`)
    }
  } finally {
    await agent.destroy()
    await home.remove()
    await hub.remove()
  }
}

async function measure(ask: () => Promise<void>, requests: number, concurrency: number): Promise<Measured> {
  const timesMs: number[] = []
  const startedAt = performance.now()
  let left = requests
  const worker = async () => {
    while (left-- > 0) {
      const askedAt = performance.now()
      await ask()
      timesMs.push(performance.now() - askedAt)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return { seconds: (performance.now() - startedAt) / 1_000, timesMs }
}

function figuresOf(rounds: readonly Measured[]): { perSecond: number; p50Ms: number; p99Ms: number } {
  const times = rounds.flatMap(({ timesMs }) => timesMs).sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
  const seconds = rounds.reduce((sum, round) => sum + round.seconds, 0)
  return { perSecond: times.length / seconds, p50Ms: at(0.5), p99Ms: at(0.99) }
}

/** The patient with the middle number of documents. */
async function medianPatient(hub: RunningHub): Promise<string> {
  const { body } = await hub.couch('/ehr/_all_docs')
  const counts = new Map<string, number>()
  for (const { id } of (body as { rows: { id: string }[] }).rows) {
    const partition = id.split(':')[0] ?? ''
    if (/^101[0-9]{8}$/.test(partition)) counts.set(partition, (counts.get(partition) ?? 0) + 1)
  }
  const sorted = [...counts].sort((a, b) => a[1] - b[1])
  return sorted[Math.floor(sorted.length / 2)]?.[0] ?? ''
}

async function importer(hub: RunningHub): Promise<{ nodeName: string; nodePassword: string }> {
  const { nodeName, syncPassword } = await registerNode(hub, '102')
  const authorization = basic(nodeName, syncPassword)
  await askJson(`${hub.url}/node/data-access`, authorization, { method: 'POST', body: {} })
  await hub.operator(`/operator/nodes/${nodeName}/data-access/accept`, { method: 'POST', body: {} })
  const { body } = await askJson(`${hub.url}/node/configuration`, authorization)
  const { nodePassword } = (body as NodeConfiguration).dataAccess
  if (!nodePassword) throw new Error('no node password was handed over')
  return { nodeName, nodePassword }
}

async function bareRead(
  hub: RunningHub,
  mrn: string,
  dispatcher: Agent,
): Promise<{ ask: () => Promise<void>; documents: number }> {
  const range = `startkey=${encodeURIComponent(`"${mrn}:"`)}&endkey=${encodeURIComponent(`"${mrn}:\ufff0"`)}`
  const url = `${hub.couchUrl}/ehr/_all_docs?include_docs=true&${range}`
  const headers = { authorization: hub.couchAuthorization }
  const read = async () => {
    const answer = await request(url, { headers, dispatcher })
    const text = await answer.body.text()
    if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${text}`)
    return text
  }
  const { rows } = JSON.parse(await read()) as { rows: unknown[] }
  return { ask: async () => void (await read()), documents: rows.length }
}

function signedImport(
  hub: RunningHub,
  mrn: string,
  signer: { nodeName: string; nodePassword: string },
  dispatcher: Agent,
): () => Promise<void> {
  const url = new URL(`${hub.url}/fhir/Patient/${mrn}/$everything`)
  return async () => {
    const at = { now: new Date(), nonce: newNonce() }
    const headers = await signImport({ method: 'GET', url, purpose: 'TREAT' }, signer, at)
    const answer = await request(url, { headers, dispatcher })
    const text = await answer.body.text()
    if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${text}`)
  }
}
