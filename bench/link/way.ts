import { type ChildProcess, spawn } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { freePort } from '../../test/support/ask'
import { type CountingProxy, startCountingProxy } from '../../test/support/counting-proxy'
import { type RunningEdge, startEdge } from '../../test/support/edge'
import { type FaultyGate, startFaultyGate } from '../../test/support/faulty-gate'
import { type RunningHub, startHub } from '../../test/support/hub'
import { type Link, startLink } from '../../test/support/link'
import { registerNode } from '../../test/support/node'
import { temporaryFolder, until } from '../../test/support/processes'

/** From a pusher to a hub of its own: link (bytes), counter (requests that get through), gate, hub. */
export interface Way {
  hub: RunningHub
  link: Link
  counter: CountingProxy
  gate: FaultyGate
  remove(): Promise<void>
}

export async function openWay(): Promise<Way> {
  const port = await freePort()
  // What the gate answers itself is not counted: the counter stands behind it.
  const counter = await startCountingProxy(`http://127.0.0.1:${port}`, '/')
  const gate = await startFaultyGate(counter.url)
  const link = await startLink(gate.url)
  // Edges then push over the link, and register and ask for their configuration beside it.
  const hub = await startHub({ HUB_PORT: String(port), HUB_PUBLIC_URL: link.url })
  return {
    hub,
    link,
    counter,
    gate,
    async remove() {
      await link.stop()
      await gate.stop()
      await counter.stop()
      await hub.remove()
    },
  }
}

/** An edge that has these records, and is not accepted yet. */
export function edgeWith(source: string, hubUrl: string): Promise<RunningEdge> {
  return startEdge('101', hubUrl, {}, (folder) => cp(source, join(folder, 'ehr'), { recursive: true }))
}

export interface Stock {
  /** Waits until it says that it has caught up once more; undefined where it does not within the limit. */
  caughtUp(withinMs: number): Promise<true | undefined>
  hasStopped(): boolean
  /** Writes the extra documents. */
  write(): void
  remove(): Promise<void>
}

/** A stock PouchDB, live and with `retry`, that has the same records. */
export async function startStock(way: Way, source: string, extra = ''): Promise<Stock> {
  const { nodeName, syncPassword } = await registerNode(way.hub, '101')
  const folder = await temporaryFolder()
  const copy = join(folder.path, 'ehr')
  await cp(source, copy, { recursive: true })
  const env = {
    PATH: process.env['PATH'] ?? '',
    SOURCE: copy,
    TARGET: `${way.link.url}/sync/ehr`,
    NODE_NAME: nodeName,
    PASSWORD: syncPassword,
    LIVE: 'yes',
    EXTRA: extra,
  }
  const child: ChildProcess = spawn(process.execPath, [resolve(__dirname, '../../dist/bench/stock-push.js')], {
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const times = () => output.split('caught up').length - 1
  let seen = 0
  return {
    async caughtUp(withinMs) {
      try {
        await until('caught up', async () => times() > seen, withinMs)
        seen = times()
        return true
      } catch {
        return undefined
      }
    },
    hasStopped: () => child.exitCode !== null || output.includes('stopped for good'),
    write: () => void child.stdin?.write('now\n'),
    async remove() {
      const ended = new Promise((done) => child.once('exit', done))
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL')
        await ended
      }
      await folder.remove()
    },
  }
}
