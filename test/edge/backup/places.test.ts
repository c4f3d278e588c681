import { execFileSync } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeHeader } from '../../../edge/backup/backup-header'
import { mountsIn, placesFinder } from '../../../edge/backup/places'
import type { BackupPlace } from '../../../schemas/generated/types'
import { temporaryFolder } from '../../support/processes'

const line = (path: string) => `36 35 98:0 / ${path} rw,noatime master:1 - vfat /dev/sdb1 rw`

test.each([
  ['/media/STICK', ['/media/STICK']],
  ['/media/klinik/STICK', ['/media/klinik/STICK']],
  ['/run/media/klinik/USB\\040DISK', ['/run/media/klinik/USB DISK']],
  ['/mnt', ['/mnt']],
  ['/mnt/backup', ['/mnt/backup']],
  ['/', []],
  ['/home', []],
  ['/media', []],
  ['/mnt/backup/of/something', []],
  ['/mntx', []],
])('%s is a drive: %j', (path, drives) => {
  expect(mountsIn(`${line(path)}\n`)).toEqual(drives)
})

test('a stick with pipes and links under the names of backups shows the backup beside them', async () => {
  const folder = await temporaryFolder()
  try {
    const at = (name: string) => join(folder.path, name)
    for (const name of ['a', 'b', 'c', 'd', 'e']) execFileSync('mkfifo', [at(`${name}.lontar`)])
    const facility = { externalId: '101', name: 'Puskesmas Lembang' }
    const { bytes } = await makeHeader(facility, '2026-11-22T07:41:03.120Z', 'empat kuda di pantai selatan')
    writeFileSync(at('whole.lontar'), bytes)
    symlinkSync(at('whole.lontar'), at('elsewhere.lontar'))
    const places = await placesFinder(folder.path, folder.path, undefined, async () => '')()
    expect(places.map(({ backups }) => backups.map(({ name }) => name))).toEqual([['whole.lontar']])
  } finally {
    await folder.remove()
  }
})

test('drives that hang are asked once, and no more of them than leave the program threads to work with', async () => {
  const asked: string[] = []
  const look = (path: string) => {
    asked.push(path)
    return path === '/mnt/good' ? Promise.resolve({ path } as BackupPlace) : new Promise<BackupPlace>(() => undefined)
  }
  const mounted = async () => ['/mnt/good', '/mnt/one', '/mnt/two', '/mnt/three'].map(line).join('\n')
  const find = placesFinder('/data', undefined, look, mounted)
  const [first, same] = await Promise.all([find(), find()])
  expect(same).toEqual(first)
  expect(first).toEqual([{ path: '/mnt/good' }])
  await find()
  expect(asked).toEqual(['/mnt/good', '/mnt/one', '/mnt/two'])
}, 20_000)
