import type { EdgeStatus } from '../../schemas/generated/types'
import { type Differences, differencesOf, documentsOfEdge, documentsOfHub } from '../../test/support/compare'
import { backupOf, startFarFacility, wrongClock } from '../../test/support/far-facility'
import type { FaultyGate } from '../../test/support/faulty-gate'
import { startHub } from '../../test/support/hub'
import type { Link } from '../../test/support/link'
import { until } from '../../test/support/processes'
import { Random } from '../made-up/random'
import { madeUpRecord } from '../made-up/records'

const DAY_MS = 86_400_000
const TODAY = new Date('2026-01-15T00:00:00Z')
const ARRIVES_WITHIN_MS = 5 * 60_000
const LAST_WORDS_LENGTH = 3_000

/** A hub, a facility far from it, and people who work there. */
export interface Scene {
  readonly link: Link
  readonly gate: FaultyGate
  killEdge(): Promise<void>
  killHub(): Promise<void>
  killBoth(): Promise<void>
  /** Puts the hub's data back to the last copy, and makes a new copy for the next time. */
  restoreHub(): Promise<void>
  jumpClock(): void
  heal(): void
  /** Admits, corrects and deletes until told otherwise; answers how many writes were acknowledged. */
  write(goOn: () => boolean): Promise<number>
  compare(): Promise<{ differences: Differences; status: EdgeStatus['sync']; documents: number }>
  /** What the edge logged last. */
  lastWords(): string
  remove(): Promise<void>
}

export async function startScene(seed: number): Promise<Scene> {
  const hub = await startHub()
  const far = await startFarFacility(hub, '101', { seed, env: wrongClock(0, DAY_MS) })
  const { edge, link, gate } = far
  await hub.stop()
  let copy = await backupOf(hub.dataFolder)
  await hub.start()
  const restart = async (program: { kill(): Promise<void>; start(): Promise<void> }) => {
    await program.kill()
    await program.start()
  }
  return {
    link,
    gate,
    killEdge: () => restart(edge),
    killHub: () => restart(hub),
    killBoth: async () => void (await Promise.all([restart(edge), restart(hub)])),
    async restoreHub() {
      await hub.stop()
      const newer = await backupOf(hub.dataFolder)
      await copy.restore()
      await copy.remove()
      copy = newer
      await hub.start()
    },
    jumpClock: () => void process.kill(edge.pid, 'SIGUSR2'),
    heal: () => far.heal(),
    async write(goOn) {
      const random = new Random(seed + 1)
      let acknowledged = 0
      for (let index = 0; goOn(); index++) {
        const wrote = random.chance(0.6) ? post(edge.url, madeUpRecord(seed, index, TODAY)) : correct(edge.url, random)
        // An edge that was just killed takes nothing, as at a real desk: the next try is the next write.
        if (await wrote.catch(() => false)) acknowledged++
        await new Promise((resume) => setTimeout(resume, random.whole(50, 1_500)))
      }
      return acknowledged
    },
    async compare() {
      // A hub that was restored while nobody wrote is met at the next visit, or within the hour.
      await post(edge.url, madeUpRecord(seed + 1, 0, TODAY))
      const compared = async () => {
        await edge.ask('/refused/retry', { method: 'POST' })
        const { sync } = await edge.status()
        return sync.state === 'idle' && sync.pendingDocuments === 0 && sync.refusedDocuments === 0 && sync
      }
      const status = await until('everything has arrived', compared, ARRIVES_WITHIN_MS)
      const atHub = await documentsOfHub(hub)
      await edge.stop()
      const atEdge = await documentsOfEdge(edge.dataFolder, '101')
      return { differences: differencesOf('101', atEdge, atHub), status, documents: atEdge.size }
    },
    lastWords: () => edge.output().slice(-LAST_WORDS_LENGTH),
    async remove() {
      await far.remove()
      await hub.remove()
      await copy.remove()
    },
  }
}

async function post(url: string, bundle: object): Promise<boolean> {
  const headers = { 'content-type': 'application/json' }
  return (await fetch(`${url}/load`, { method: 'POST', headers, body: JSON.stringify(bundle) })).ok
}

/** One patient's name, or one record of theirs that was wrong and goes. */
async function correct(url: string, random: Random): Promise<boolean> {
  const { entry = [] } = (await (await fetch(`${url}/fhir/Patient?_count=500`)).json()) as Entries
  const [first, ...others] = entry.map(({ resource }) => resource)
  if (!first) return false
  const patient = random.pick([first, ...others])
  if (random.chance(0.7)) {
    const body = JSON.stringify({ ...patient, name: [{ family: `Corrected ${random.whole(1, 1_000)}` }] })
    const headers = { 'content-type': 'application/fhir+json' }
    return (await fetch(`${url}/fhir/Patient/${patient.id}`, { method: 'PUT', headers, body })).ok
  }
  const found = (await (await fetch(`${url}/fhir/Patient/${patient.id}/$everything?_count=50`)).json()) as Entries
  const doomed = found.entry?.find(({ resource }) => resource.resourceType === 'Observation')?.resource
  if (!doomed) return false
  return (await fetch(`${url}/fhir/Observation/${doomed.id}`, { method: 'DELETE' })).ok
}

interface Entries {
  entry?: { resource: { resourceType: string; id: string } }[]
}
