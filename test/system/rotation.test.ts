import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ClassicLevel } from 'classic-level'
import type { KeptRegistration } from '../../schemas/generated/types'
import { Random } from '../../scripts/made-up/random'
import { askJson, basic } from '../support/ask'
import { patientBundles } from '../support/bundles'
import { documentsOfEdge, documentsOfHub } from '../support/compare'
import { acceptEdge, allowImports, type RunningEdge, startEdge } from '../support/edge'
import { type RunningHub, startHub } from '../support/hub'
import { until } from '../support/processes'

const MINUTES = 60_000
const ROUNDS = 3
const KILLS_A_ROUND = 4
const SEED = Number(process.env['SEED'] ?? 20261123)

let hub: RunningHub
let edge: RunningEdge

beforeAll(async () => {
  hub = await startHub()
  edge = await startEdge('101', hub.url)
  await acceptEdge(hub, edge)
  await allowImports(hub, edge)
}, 2 * MINUTES)
afterAll(async () => {
  await edge?.remove()
  await hub?.remove()
})

const file = () => join(edge.dataFolder, 'credentials.json')
const kept = async () => JSON.parse(await readFile(file(), 'utf8')) as KeptRegistration
const sleep = (ms: number) => new Promise((resume) => setTimeout(resume, ms))
const statusWith = async (password: string) =>
  (await askJson(`${hub.url}/node/configuration`, basic('node-101', password))).status

/** Everything in a LevelDB, keys and values, whatever is stored in it and however it is packed. */
async function textIn(folder: string): Promise<string> {
  const level = new ClassicLevel<string, string>(folder, { createIfMissing: false })
  const parts: string[] = []
  try {
    for await (const [key, value] of level.iterator()) parts.push(key, value)
  } finally {
    await level.close()
  }
  return parts.join('\n')
}

test(
  'new credentials reach the edge by themselves, whoever is killed at whichever moment, and nothing is lost',
  async () => {
    const random = new Random(SEED)
    const bundles = patientBundles(ROUNDS)
    const secrets: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const before = await kept()
      secrets.push(before.claim, before.credentials?.syncPassword ?? '', before.nodePassword ?? '')
      const rotated = await hub.operator('/operator/nodes/node-101/rotate', { method: 'POST', body: { overlap: true } })
      expect(rotated.status).toBe(200)
      expect((await edge.ask('/load', { method: 'POST', body: bundles[round] })).status).toBe(200)
      // An edge that starts asks for its configuration, and so finds the new ones.
      for (let kill = 0; kill < KILLS_A_ROUND; kill++) {
        const victim = random.whole(0, 2) === 0 ? hub : edge
        await victim.kill()
        await victim.start()
        await sleep(random.whole(0, 500))
      }
      await edge.kill()
      await edge.start()
      const after = await until(`round ${round}, seed ${SEED}: the edge has the new ones alone`, async () => {
        const now = await kept()
        const isNew = now.credentials?.syncPassword !== before.credentials?.syncPassword
        return isNew && now.nextCredentials === undefined && now
      })
      expect(after.credentials?.nodeName).toBe('node-101')
      expect(after.nodePassword).not.toBe(before.nodePassword)
      expect((await edge.status()).registration.status).toBe('accepted')
      expect((await stat(file())).mode & 0o777).toBe(0o600)
      expect((await readdir(edge.dataFolder)).filter((name) => name.startsWith('credentials'))).toEqual([
        'credentials.json',
      ])
      expect(await statusWith(after.credentials?.syncPassword ?? '')).toBe(200)
      await until(
        'the old one ends',
        async () => (await statusWith(before.credentials?.syncPassword ?? '')) === 401,
        5_000,
      )
    }
    const { sync } = await edge.synced(4 * MINUTES)
    expect(sync.refusedDocuments).toBe(0)
    const last = await kept()
    secrets.push(last.credentials?.syncPassword ?? '', last.nodePassword ?? '')
    const atHub = await documentsOfHub(hub)
    await edge.stop()
    const atEdge = await documentsOfEdge(edge.dataFolder, '101')
    expect(atEdge.size).toBeGreaterThan(ROUNDS)
    expect([...atHub.keys()].sort()).toEqual([...atEdge.keys()].sort())

    const [records, state] = [await textIn(join(edge.dataFolder, 'ehr')), await textIn(join(edge.dataFolder, 'state'))]
    for (const secret of secrets) {
      expect([secret.length, records.includes(secret), state.includes(secret)]).toEqual([43, false, false])
    }
    // That it would be seen: what is in the records is found there.
    for (const id of atEdge.keys()) expect(records).toContain(id)
  },
  10 * MINUTES,
)
