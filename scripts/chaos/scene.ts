import { cp } from 'node:fs/promises'
import type { EdgeStatus } from '../../schemas/generated/types'
import { startEdge } from '../../test/support/edge'
import { backupOf, startFarFacility, wrongClock } from '../../test/support/far-facility'
import type { FaultyGate } from '../../test/support/faulty-gate'
import { startHub } from '../../test/support/hub'
import type { Link } from '../../test/support/link'
import { until } from '../../test/support/processes'
import { Random } from '../made-up/random'
import { Account, type Verdict } from './account'
import { Desk } from './desk'
import { Ledger } from './ledger'
import { withFiles } from './store-feed'

const DAY_MS = 86_400_000
const ARRIVES_WITHIN_MS = 5 * 60_000
const LAST_WORDS_LENGTH = 3_000

/** A hub, a facility far from it, and people who work there. */
export interface Scene {
  readonly link: Link
  readonly gate: FaultyGate
  killEdge(): Promise<void>
  killHub(): Promise<void>
  killBoth(): Promise<void>
  /** Makes copies of both ends' data, one after the other, as backups are. */
  backUp(): Promise<void>
  /** Puts the hub's data back to the last copy; what was there until now is the copy for the next time. */
  restoreHub(): Promise<void>
  /** The same with the edge's. */
  restoreEdge(): Promise<void>
  /** A second machine with the edge's data works for a while, until the operator has stopped it. */
  cloneEdge(forMs: number): Promise<void>
  jumpClock(): void
  heal(): void
  /** Lets people work until told otherwise. */
  work(goOn: () => boolean): Promise<void>
  /** Waits until the edge says that all has arrived, and looks at both ends. */
  verdict(): Promise<{ verdict: Verdict; status: EdgeStatus['sync'] }>
  /** What the edge logged last. */
  lastWords(): string
  remove(): Promise<void>
}

export async function startScene(seed: number): Promise<Scene> {
  const hub = await startHub()
  const env = wrongClock(0, DAY_MS)
  const far = await startFarFacility(hub, '101', { seed, env })
  const { edge, link, gate } = far
  await Promise.all([edge.stop(), hub.stop()])
  const copies = { hub: await backupOf(hub.dataFolder), edge: await backupOf(edge.dataFolder) }
  await Promise.all([edge.start(), hub.start()])
  const ledger = new Ledger()
  const account = new Account(hub, ledger)
  const desk = new Desk(() => edge.url, seed, ledger)
  let clones = 0
  const restart = async (program: { kill(): Promise<void>; start(): Promise<void> }) => {
    await program.kill()
    await program.start()
  }
  /** The older copy goes back, and what was there until now is the copy for the next time. */
  const swap = async (end: 'hub' | 'edge', dataFolder: string) => {
    const newer = await backupOf(dataFolder)
    await copies[end].restore()
    await copies[end].remove()
    copies[end] = newer
  }
  const copyOf = async (end: 'hub' | 'edge', { dataFolder }: { dataFolder: string }) => {
    const older = copies[end]
    copies[end] = await backupOf(dataFolder)
    await older.remove()
  }
  return {
    link,
    gate,
    async backUp() {
      await hub.stop()
      await copyOf('hub', hub)
      await hub.start()
      await edge.stop()
      await copyOf('edge', edge)
      await edge.start()
    },
    killEdge: () => restart(edge),
    killHub: () => restart(hub),
    killBoth: async () => void (await Promise.all([restart(edge), restart(hub)])),
    async restoreHub() {
      await hub.stop()
      await swap('hub', hub.dataFolder)
      await hub.start()
      await account.hubRestored()
    },
    restoreEdge: () =>
      desk.closedDuring(async () => {
        await edge.stop()
        await account.edgeRestored(edge.dataFolder, () => swap('edge', edge.dataFolder))
        await edge.start()
      }),
    async cloneEdge(forMs) {
      await edge.stop()
      const copy = await backupOf(edge.dataFolder)
      const copied = await withFiles(copy.path, (files) => files.feed())
      await edge.start()
      const clone = await startEdge('101', hub.url, env, (folder) => cp(copy.path, folder, { recursive: true }))
      try {
        const endAt = performance.now() + forMs
        const others = new Desk(() => clone.url, seed + ++clones * 1_000, new Ledger())
        await others.work(new Random(seed + clones), () => performance.now() < endAt)
        await clone.stop()
        await account.cloneEnded(clone.dataFolder, copied)
      } finally {
        await clone.remove()
        await copy.remove()
      }
      // "Switch off the one that is the copy and restart this edge."
      await edge.stop()
      await edge.start()
    },
    jumpClock: () => void process.kill(edge.pid, 'SIGUSR2'),
    heal: () => far.heal(),
    work: (goOn) => desk.work(new Random(seed + 1), goOn),
    async verdict() {
      // A hub that was restored while nobody wrote is met at the next visit, or within the hour.
      await until('a last patient is admitted', () => desk.admit().catch(() => false))
      const arrived = async () => {
        await edge.ask('/refused/retry', { method: 'POST' })
        const { sync } = await edge.status()
        return sync.state === 'idle' && sync.pendingDocuments === 0 && sync.refusedDocuments === 0 && sync
      }
      const status = await until('everything has arrived', arrived, ARRIVES_WITHIN_MS).catch(async (cause: Error) => {
        const { sync } = await edge.status()
        const { body } = await edge.ask('/refused')
        const why = JSON.stringify({ sync, ...(body as object) }, null, 1).slice(0, LAST_WORDS_LENGTH)
        throw new Error(`${cause.message}\n${why}`, { cause })
      })
      await edge.stop()
      return { verdict: await account.verdict(edge.dataFolder), status }
    },
    lastWords: () => edge.output().slice(-LAST_WORDS_LENGTH),
    async remove() {
      await far.remove()
      await hub.remove()
      await copies.hub.remove()
      await copies.edge.remove()
    },
  }
}
