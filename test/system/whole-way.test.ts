import type { Bundle } from 'fhir/r4'
import type { ImportTicket, LoadReport } from '../../schemas/generated/types'
import { patientBundles } from '../support/bundles'
import { documentsOfEdge, documentsOfHub } from '../support/compare'
import { acceptEdge, allowImports, type RunningEdge, startEdge } from '../support/edge'
import { type RunningHub, startHub } from '../support/hub'
import { until } from '../support/processes'

const MINUTES = 60_000
let hub: RunningHub
let home: RunningEdge
let away: RunningEdge
const bundles = patientBundles(30)
const resources = new Set(bundles.flatMap((bundle) => (bundle.entry ?? []).map((entry) => entry.fullUrl)))

beforeAll(async () => {
  hub = await startHub()
  home = await startEdge('101', hub.url)
  away = await startEdge('102', hub.url)
  await acceptEdge(hub, home)
  await acceptEdge(hub, away)
}, 2 * MINUTES)

afterAll(async () => {
  await home?.remove()
  await away?.remove()
  await hub?.remove()
})

describe('the whole way of real-world sized records', () => {
  const mrns: string[] = []

  test(
    'all bundles are loaded, and loading one again changes nothing',
    async () => {
      let created = 0
      for (const bundle of bundles) {
        const { status, body } = await home.ask('/load', { method: 'POST', body: bundle })
        expect({ status, body }).toMatchObject({ status: 200 })
        created += (body as LoadReport).resources.created
      }
      // Organizations and Practitioners stand in several bundles, and are one document each.
      expect(created).toBe(resources.size)
      const again = (await home.ask('/load', { method: 'POST', body: bundles[0] })).body as LoadReport
      expect(again.resources).toMatchObject({ created: 0, unchanged: bundles[0]?.entry?.length })
    },
    3 * MINUTES,
  )

  test(
    'every one arrives at the hub: same ids, same revisions, same content',
    async () => {
      const { sync } = await home.synced(4 * MINUTES)
      expect(sync).toMatchObject({ refusedDocuments: 0, pendingDocuments: 0 })
      const atHub = await documentsOfHub(hub)
      await home.stop()
      const atHome = await documentsOfEdge(home.dataFolder, '101')
      await home.start()
      expect(atHome.size).toBe(resources.size)
      expect([...atHub.keys()].sort()).toEqual([...atHome.keys()].sort())
      for (const [id, document] of atHome) expect(atHub.get(id)).toEqual(document)
      for (const id of atHome.keys()) if (id.endsWith(':Patient')) mrns.push(id.slice(0, id.indexOf(':')))
    },
    5 * MINUTES,
  )

  test(
    'imported one by one at the other facility they are the same resources',
    async () => {
      await allowImports(hub, away)
      expect(mrns).toHaveLength(bundles.length)
      for (const mrn of mrns) {
        const asked = await away.ask('/imports', { method: 'POST', body: { mrn, purpose: 'TREAT' } })
        expect(asked.status).toBe(202)
        const { id } = asked.body as ImportTicket
        const ticket = await until(`the import of one patient`, async () => {
          const now = (await away.ask(`/imports/${id}`)).body as ImportTicket
          return ['done', 'failed'].includes(now.status) && now
        })
        expect(ticket).toMatchObject({ status: 'done' })
        expect(await everything(away, mrn)).toEqual(await everything(home, mrn))
      }
    },
    5 * MINUTES,
  )

  test('what was imported can not be changed there, and never goes out again', async () => {
    const mrn = mrns[0] ?? ''
    const patient = (await away.ask(`/fhir/Patient/${mrn}`)).body as object
    const changed = await away.ask(`/fhir/Patient/${mrn}`, { method: 'PUT', body: { ...patient, gender: 'other' } })
    expect(changed.status).toBe(403)
    expect((await away.status()).sync).toMatchObject({ pendingDocuments: 0, refusedDocuments: 0 })
  })

  test('the audit has an entry for each import', async () => {
    const { body } = await hub.operator('/operator/audit?node=node-102&limit=500')
    const imports = (body as { entries: { action: string; outcome: string; mrn?: string }[] }).entries.filter(
      (entry) => entry.mrn !== undefined && entry.outcome === 'allowed',
    )
    expect(new Set(imports.map((entry) => entry.mrn))).toEqual(new Set(mrns))
  })
})

/** All resources of a patient by type and id, without what each store says of its own copy. */
async function everything(edge: RunningEdge, mrn: string): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>()
  let next: string | undefined = `${edge.url}/fhir/Patient/${mrn}/$everything?_count=500`
  while (next) {
    const page = (await (await fetch(next)).json()) as Bundle
    for (const { resource } of page.entry ?? []) {
      if (!resource) continue
      const { meta: _meta, ...content } = resource
      found.set(`${resource.resourceType}/${resource.id}`, content)
    }
    next = page.link?.find((link) => link.relation === 'next')?.url
  }
  return found
}
