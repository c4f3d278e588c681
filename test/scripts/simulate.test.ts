import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { owns } from '../../protocol/owns'
import { validateResource } from '../../schemas/fhir/validate-resource'
import type { NodeList, RegistrationList } from '../../schemas/generated/types'
import { isRecordDocument } from '../../schemas/generated/validators'
import { patientDocuments } from '../../scripts/simulate/documents'
import { planned } from '../../scripts/simulate/plan'
import { type RunningHub, startHub } from '../support/hub'
import { temporaryFolder } from '../support/processes'

const ODD = { silent: 1, behind: 1, refused: 1, waiting: 1 }
const TODAY = new Date('2026-01-15T00:00:00Z')

describe('simulated facilities', () => {
  test('the same seed plans the same ones, and as many odd ones as were asked for', () => {
    const plans = planned(400, { silent: 3, behind: 5, refused: 4, waiting: 2 }, 7)
    expect(plans).toEqual(planned(400, { silent: 3, behind: 5, refused: 4, waiting: 2 }, 7))
    expect(plans).not.toEqual(planned(400, { silent: 3, behind: 5, refused: 4, waiting: 2 }, 8))
    expect(plans.filter(({ manner }) => manner === 'behind')).toHaveLength(5)
    expect(plans.filter(({ manner }) => manner === 'steady')).toHaveLength(386)
    expect(new Set(plans.map(({ externalId }) => externalId.length))).toEqual(new Set([4]))
    expect(() => planned(3, { silent: 3, behind: 1, refused: 0, waiting: 0 }, 7)).toThrow(RangeError)
  })

  test('write what an edge would: own ids, valid resources, references within the record', () => {
    const documents = patientDocuments('3007', 1, 1, TODAY)
    expect(documents).toEqual(patientDocuments('3007', 1, 1, TODAY))
    for (const document of documents) {
      if (!isRecordDocument(document)) throw new Error(`${document._id} is not of the schema`)
      expect(owns('3007', document._id)).toBe(true)
      expect(validateResource(document.resource)).toMatchObject({ ok: true })
      expect(JSON.stringify(document)).not.toContain('urn:uuid')
    }
    expect(new Set(documents.map(({ _id }) => _id)).size).toBe(documents.length)
  })
})

describe('npm run simulate, at a running hub', () => {
  let hub: RunningHub
  const folder = temporaryFolder()

  beforeAll(async () => {
    hub = await startHub()
  }, 60_000)
  afterAll(async () => {
    await hub?.remove()
    await (await folder).remove()
  })

  test('registers, is let in, pushes and asks; and goes on with the same facilities the next time', async () => {
    const first = await simulate(hub, (await folder).path)
    expect(first).toMatchObject({ code: 0 })
    expect(first.out).toContain('12 simulated facilities')
    const { nodes } = (await hub.operator('/operator/nodes')).body as NodeList
    expect(nodes).toHaveLength(11)
    expect(nodes.every(({ dataAccess, state }) => dataAccess.status === 'accepted' && state === 'active')).toBe(true)
    expect(nodes.filter(({ refusedDocuments = 0 }) => refusedDocuments > 0)).toHaveLength(1)
    const pending = (await hub.operator('/operator/registrations?status=pending')).body as RegistrationList
    expect(pending.registrations).toHaveLength(1)
    const held = (await hub.couch('/ehr')).body as { doc_count: number }
    expect(held.doc_count).toBeGreaterThan(11 * 20)

    expect(await simulate(hub, (await folder).path)).toMatchObject({ code: 0 })
    expect(((await hub.operator('/operator/nodes')).body as NodeList).nodes).toHaveLength(11)
    expect(((await hub.couch('/ehr')).body as { doc_count: number }).doc_count).toBe(held.doc_count)
  }, 120_000)
})

function simulate(hub: RunningHub, folder: string): Promise<{ code: number | null; out: string }> {
  const odd = Object.entries(ODD).flatMap(([name, many]) => [`--${name}`, String(many)])
  const args = ['--hub', hub.url, '--facilities', '12', '--patients', '1', '--rate', '0', '--seconds', '3']
  const child = spawn(
    process.execPath,
    [resolve(__dirname, '../../dist/scripts/simulate.js'), ...args, '--ask-seconds', '1', ...odd],
    {
      env: { PATH: process.env['PATH'] ?? '', SIMULATE_DATA: folder, HUB_OPERATOR_PASSWORD: hub.operatorPassword },
    },
  )
  let out = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      out += chunk
    })
  }
  return new Promise((ended) => child.once('close', (code) => ended({ code, out })))
}
