import { cp } from 'node:fs/promises'
import type { RefusedList } from '../../schemas/generated/types'
import { madeUpRecord } from '../../scripts/made-up/records'
import { type Documents, documentsOfEdge, documentsOfHub } from '../support/compare'
import { asDiskImage } from '../support/disk-image'
import { allowImports, type RunningEdge, startEdge } from '../support/edge'
import { backupOf, type FarFacility, mrnsOf, startFarFacility } from '../support/far-facility'
import { type RunningHub, startHub } from '../support/hub'
import { until } from '../support/processes'

const SEED = 20_261_123
const MINUTES = 60_000
const ARRIVES_MS = 4 * MINUTES
const ROW_MS = 8 * MINUTES

let hub: RunningHub
let far: FarFacility
let clone: RunningEdge

beforeAll(async () => {
  hub = await startHub()
  far = await startFarFacility(hub, '301', { seed: SEED })
  // While that is open an edge asks for its configuration every few seconds, and so hears of the other's numbers.
  await allowImports(hub, far.edge)
  await far.admit(1)
  await far.edge.synced(ARRIVES_MS)
  await far.edge.stop()
  const copy = await backupOf(far.edge.dataFolder)
  await far.edge.start()
  await far.edge.synced(ARRIVES_MS)
  clone = await startEdge(far.edge.externalId, far.link.url, {}, async (folder) => {
    await cp(copy.path, folder, { recursive: true })
    await asDiskImage(folder)
  })
  await copy.remove()
  await clone.synced(ARRIVES_MS)
}, ROW_MS)
afterAll(async () => {
  await clone?.remove()
  await far?.remove()
  await hub?.remove()
})

test(
  'a clone that can not know that it is one: both stop, and the hub has one patient of each MRN',
  async () => {
    // The same number for two people; the original sends first.
    const [first = ''] = await far.admit(1)
    await far.edge.synced(ARRIVES_MS)
    await load(clone, 1_000)
    await load(clone, 1_001)
    const cloned = await mrnsOf(clone)
    expect(cloned).toContain(first)
    const { refused } = await until(
      'a second patient is refused',
      async () => {
        const list = (await clone.ask('/refused')).body as RefusedList
        return list.refused.length > 0 && list
      },
      ARRIVES_MS,
    )
    expect(refused).toContainEqual(
      expect.objectContaining({ id: `${first}:Patient`, reason: expect.stringMatching(/another patient/) }),
    )
    await clone.synced(ARRIVES_MS)
    // And now the clone was first.
    const [second = ''] = await far.admit(1)
    expect(cloned).toContain(second)
    await until('the original says that there is another', () => isContested(far.edge), ARRIVES_MS)
    await load(clone, 1_002)
    await until('the clone says so too', () => isContested(clone), ARRIVES_MS)

    const atHub = await documentsOfHub(hub)
    await far.edge.stop()
    await clone.stop()
    const ofOriginal = await documentsOfEdge(far.edge.dataFolder, far.edge.externalId)
    const ofClone = await documentsOfEdge(clone.dataFolder, far.edge.externalId)
    expect(ofMrn(atHub, first)).toEqual(ofMrn(ofOriginal, first))
    expect(ofMrn(atHub, second)).toEqual(ofMrn(ofClone, second))
  },
  ROW_MS,
)

async function load(edge: RunningEdge, patient: number): Promise<void> {
  const body = madeUpRecord(SEED, patient, new Date('2026-01-15T00:00:00Z'))
  expect(await edge.ask('/load', { method: 'POST', body })).toMatchObject({ status: 200 })
}

async function isContested(edge: RunningEdge): Promise<boolean> {
  return ((await edge.status()).sync.state as string) === 'contested'
}

/** Nobody's record is a bit of both. */
function ofMrn(documents: Documents, mrn: string): Documents {
  return new Map([...documents].filter(([id]) => id.startsWith(`${mrn}:`)))
}
