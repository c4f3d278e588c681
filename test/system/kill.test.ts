import { Random } from '../../scripts/made-up/random'
import { patientBundles } from '../support/bundles'
import { documentsOfEdge, documentsOfHub } from '../support/compare'
import { acceptEdge, type RunningEdge, startEdge } from '../support/edge'
import { type RunningHub, startHub } from '../support/hub'

const MINUTES = 60_000
const KILLS = 10
const SEED = Number(process.env['SEED'] ?? 20261123)

let hub: RunningHub
let edge: RunningEdge

beforeAll(async () => {
  hub = await startHub()
  edge = await startEdge('101', hub.url)
}, MINUTES)

afterAll(async () => {
  await edge?.remove()
  await hub?.remove()
})

test(
  `kill -9 of the edge and of the hub at ${KILLS} moments of the push: nothing lost, nothing twice`,
  async () => {
    for (const bundle of patientBundles(12)) {
      const { status } = await edge.ask('/load', { method: 'POST', body: bundle })
      expect(status).toBe(200)
    }
    await acceptEdge(hub, edge)
    const random = new Random(SEED)
    const moments: string[] = []
    for (let kill = 0; kill < KILLS; kill++) {
      const afterMs = random.whole(0, 600)
      const victim = kill % 2 === 0 ? edge : hub
      moments.push(`${victim === edge ? 'edge' : 'hub'} after ${afterMs} ms`)
      await new Promise((resume) => setTimeout(resume, afterMs))
      await victim.kill()
      await victim.start()
    }
    const { sync } = await edge.synced(4 * MINUTES)
    const atHub = await documentsOfHub(hub)
    await edge.stop()
    const atEdge = await documentsOfEdge(edge.dataFolder, '101')
    const found = { seed: SEED, moments, refused: sync.refusedDocuments, ids: [...atHub.keys()].sort() }
    expect(found).toEqual({ seed: SEED, moments, refused: 0, ids: [...atEdge.keys()].sort() })
    // A document that arrived twice in different ways would have a conflict, or another revision.
    for (const [id, document] of atEdge) expect(atHub.get(id)).toEqual(document)
  },
  8 * MINUTES,
)
