import { spawn } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { patientBundles } from '../test/support/bundles'
import { documentsOfEdge } from '../test/support/compare'
import { type CountingProxy, startCountingProxy, type Traffic } from '../test/support/counting-proxy'
import { acceptEdge, startEdge } from '../test/support/edge'
import { type RunningHub, startHub } from '../test/support/hub'
import { registerNode } from '../test/support/node'
import { temporaryFolder } from '../test/support/processes'
import { peakMemoryOf } from './memory'
import { type Figure, printTable } from './table'

interface Measured extends Traffic {
  peakMemoryBytes: number
}

/** The same records to a hub of its own each, by the edge's engine and by a stock PouchDB, over loopback. */
export async function benchPush(): Promise<void> {
  const copy = await temporaryFolder()
  try {
    const { ours, records } = await pushByEdge(join(copy.path, 'ehr'))
    const stock = await pushByStock(join(copy.path, 'ehr'))
    const rows: Figure[] = [
      ['records/s', records / (stock.elapsedMs / 1_000), records / (ours.elapsedMs / 1_000), 'more'],
      ['bytes a record', stock.bytes / records, ours.bytes / records, 'less'],
      ['requests a record', stock.requests / records, ours.requests / records, 'less'],
      ['connections', stock.connections, ours.connections, 'less'],
      ['peak memory, MB', stock.peakMemoryBytes / 1e6, ours.peakMemoryBytes / 1e6, 'less'],
    ]
    printTable(`push of ${records} records over loopback`, 'PouchDB.replicate', 'lontar edge', rows)
    process.stdout.write(
      "The edge's memory is that of the whole program, without the FHIR validators: none is needed after a restart.\n",
    )
  } finally {
    await copy.remove()
  }
}

async function pushByEdge(copyTo: string): Promise<{ ours: Measured; records: number }> {
  const hub = await startHub()
  const proxy = await startCountingProxy(hub.url, '/sync')
  const edge = await startEdge('101', proxy.url)
  try {
    for (const bundle of patientBundles(30)) await edge.ask('/load', { method: 'POST', body: bundle })
    // Started anew, so that what loading took is not counted as the push's memory.
    await edge.stop()
    await edge.start()
    await acceptEdge(hub, edge)
    await edge.synced(600_000)
    const ours = { ...proxy.traffic(), peakMemoryBytes: peakMemoryOf(edge.pid) }
    await edge.stop()
    const records = (await documentsOfEdge(edge.dataFolder, '101')).size
    cpSync(join(edge.dataFolder, 'ehr'), copyTo, { recursive: true })
    return { ours, records }
  } finally {
    await edge.remove()
    await proxy.stop()
    await hub.remove()
  }
}

async function pushByStock(source: string): Promise<Measured> {
  const hub = await startHub()
  const proxy = await startCountingProxy(hub.url, '/sync')
  try {
    const peakMemoryBytes = await runStock(hub, proxy, source)
    return { ...proxy.traffic(), peakMemoryBytes }
  } finally {
    await proxy.stop()
    await hub.remove()
  }
}

async function runStock(hub: RunningHub, proxy: CountingProxy, source: string): Promise<number> {
  const { nodeName, syncPassword } = await registerNode(hub, '101')
  const env = {
    ...process.env,
    SOURCE: source,
    TARGET: `${proxy.url}/sync/ehr`,
    NODE_NAME: nodeName,
    PASSWORD: syncPassword,
  }
  const child = spawn(process.execPath, [resolve(__dirname, '../dist/bench/stock-push.js')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const status = await new Promise((ended) => child.once('exit', ended))
  if (status !== 0) throw new Error(`the stock push ended with ${status}: ${output}`)
  return Number((JSON.parse(output) as { peakMemoryBytes: number }).peakMemoryBytes)
}
