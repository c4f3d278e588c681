import { cp, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { madeUpRecord } from '../../scripts/made-up/records'
import { type Differences, differencesOf, documentsOfEdge, documentsOfHub } from './compare'
import { acceptEdge, type RunningEdge, startEdge } from './edge'
import { type FaultyGate, startFaultyGate } from './faulty-gate'
import type { RunningHub } from './hub'
import { type Link, startLink } from './link'
import { temporaryFolder, until } from './processes'

/** A facility far away: its edge reaches the hub over a link that can break, through a gate that can misbehave. */
export interface FarFacility {
  readonly edge: RunningEdge
  readonly link: Link
  readonly gate: FaultyGate
  /** Loads so many more made-up patients, each of some dozens of records; returns their MRNs. */
  admit(patients: number): Promise<string[]>
  /** The link and the gate work again. */
  heal(): void
  /** Waits until the edge says that everything has arrived, stops it, and compares document by document. */
  differences(withinMs?: number): Promise<Differences>
  remove(): Promise<void>
}

const TODAY = new Date('2026-01-15T00:00:00Z')
const LAST_WORDS_LENGTH = 8_000
const MINTS_WITHIN_MS = 3 * 60_000

export async function startFarFacility(
  hub: RunningHub,
  externalId: string,
  options: { seed: number; env?: Readonly<Record<string, string>> },
): Promise<FarFacility> {
  const gate = await startFaultyGate(hub.url)
  const link = await startLink(gate.url)
  const edge = await startEdge(externalId, link.url, options.env)
  const remove = async () => {
    await edge.remove()
    await link.stop()
    await gate.stop()
  }
  await acceptEdge(hub, edge).catch(async (error: unknown) => {
    await remove()
    throw error
  })
  let admitted = 0
  return {
    edge,
    link,
    gate,
    async admit(patients) {
      const before = new Set(await mrnsOf(edge))
      for (let left = patients; left > 0; left--) {
        const bundle = madeUpRecord(options.seed, admitted++, TODAY)
        // A copy of the data mints nothing before the hub has told which MRNs are in use; then it goes on by itself.
        const answer = await until(
          'the edge mints',
          async () => {
            const tried = await edge.ask('/load', { method: 'POST', body: bundle })
            return (tried.body as { error?: string }).error !== 'MRN_UNCERTAIN' && tried
          },
          MINTS_WITHIN_MS,
        )
        if (answer.status !== 200) throw new Error(`not loaded: ${answer.status} ${JSON.stringify(answer.body)}`)
      }
      return (await mrnsOf(edge)).filter((mrn) => !before.has(mrn))
    },
    heal() {
      gate.fault = undefined
      link.become({})
    },
    async differences(withinMs) {
      await edge.synced(withinMs).catch(async (cause: Error) => {
        // Why not, is what a row that failed once in a while is asked first.
        const said = JSON.stringify({ sync: (await edge.status()).sync, traffic: link.traffic() })
        throw new Error(`${cause.message}\n${said}\n${edge.output().slice(-LAST_WORDS_LENGTH)}`, { cause })
      })
      const atHub = await documentsOfHub(hub)
      await edge.stop()
      return differencesOf(externalId, await documentsOfEdge(edge.dataFolder, externalId), atHub)
    },
    remove,
  }
}

export async function mrnsOf(edge: RunningEdge): Promise<string[]> {
  const { body } = await edge.ask('/fhir/Patient?_count=500')
  const { entry = [] } = body as { entry?: { resource: { id: string } }[] }
  return entry.map(({ resource }) => resource.id)
}

/** The data of a stopped program as they are now, to put them back later. */
export async function backupOf(
  dataFolder: string,
): Promise<{ path: string; restore(): Promise<void>; remove(): Promise<void> }> {
  const folder = await temporaryFolder()
  await cp(dataFolder, folder.path, { recursive: true })
  return {
    path: folder.path,
    async restore() {
      await rm(dataFolder, { recursive: true, force: true })
      await cp(folder.path, dataFolder, { recursive: true })
    },
    remove: folder.remove,
  }
}

/** The environment of a program whose clock is wrong, or is set while it runs (`SIGUSR2`). */
export function wrongClock(shiftMs: number, jumpMs = 0): Record<string, string> {
  return {
    NODE_OPTIONS: `--require ${resolve(__dirname, '../../dist/test/support/wrong-clock.js')}`,
    CLOCK_SHIFT_MS: String(shiftMs),
    CLOCK_JUMP_MS: String(jumpMs),
  }
}
