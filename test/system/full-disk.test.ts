import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../support/ask'
import { acceptEdge, type RunningEdge, startEdge } from '../support/edge'
import { type RunningHub, startHub } from '../support/hub'
import { temporaryFolder, until } from '../support/processes'

/** Two databases, and the room that the edge wants to see before it goes on. */
const DISK_BYTES = 48 * 1024 * 1024

const can = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0
const onRealDisk = can ? test : test.skip
if (!can) process.stderr.write('Nothing can be mounted here: a disk that is really full is not tested.\n')

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let disk: string
let hub: RunningHub
let edge: RunningEdge | undefined

beforeAll(async () => {
  folder = await temporaryFolder()
  disk = folder.path
  hub = await startHub()
  if (can) spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', disk])
}, 60_000)
afterAll(async () => {
  await edge?.remove()
  await hub.remove()
  if (can) spawnSync('umount', [disk])
  await folder.remove()
})

/** Until nothing more goes in. */
function fill(path: string): void {
  const file = openSync(path, 'w')
  try {
    for (let bytes = 1024 * 1024; bytes >= 1; ) {
      try {
        writeSync(file, randomBytes(bytes))
      } catch {
        bytes = Math.floor(bytes / 2)
      }
    }
  } finally {
    closeSync(file)
  }
}

onRealDisk(
  'a full disk that nobody’s write meets, only the work in the background, is said by /readyz and /status, and it goes on by itself when there is room',
  async () => {
    // A port of its own: when there is room again it opens the same one.
    const env = { EDGE_DATA: join(disk, 'edge'), EDGE_PORT: String(await freePort()) }
    const here = await startEdge('101', hub.url, env)
    edge = here
    const ready = async () => (await here.ask('/readyz').catch(() => undefined))?.status
    await acceptEdge(hub, here)
    await here.synced()
    await hub.stop()
    const created = await here.ask('/fhir/Patient', {
      method: 'POST',
      body: { resourceType: 'Patient', name: [{ family: 'Siwabessy' }] },
    })
    expect(created.status).toBe(201)
    fill(join(disk, 'full'))
    expect(await ready()).toBe(200)

    await hub.start()
    await until('it is not ready', async () => (await ready()) === 503, 60_000)
    // The push's own write may still have fitted into the last page of its file, and another one of this time have failed.
    expect((await here.status()).attention).toEqual([expect.stringMatching(/disk/)])

    rmSync(join(disk, 'full'))
    await until('it is ready again', async () => (await ready()) === 200, 60_000)
    expect(await here.synced()).not.toHaveProperty('attention')
    const { id } = created.body as { id: string }
    expect((await hub.couch(`/ehr/${id}:Patient`)).status).toBe(200)
  },
  180_000,
)
