import { mountsIn } from '../../../edge/backup/places'

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
