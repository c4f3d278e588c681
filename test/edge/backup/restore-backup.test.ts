import { readdirSync } from 'node:fs'
import type { Entry } from '../../../edge/backup/entries'
import { prepareRestore } from '../../../edge/backup/restore-backup'
import { temporaryFolder } from '../../support/processes'

const FACILITY = { version: 1, externalId: '101', name: 'Puskesmas Lembang', hubUrl: 'https://hub.example' }

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder.remove())

async function* filesOf(files: Readonly<Record<string, string>>): AsyncGenerator<Entry> {
  for (const [name, text] of Object.entries(files))
    yield { kind: 'file', key: Buffer.from(name), value: Buffer.from(text) }
}

test.each([
  [
    'a facility of a later version',
    { 'facility.json': JSON.stringify({ ...FACILITY, version: 2 }) },
    'BACKUP_UNREADABLE',
  ],
  ['a facility that is no JSON', { 'facility.json': '{' }, 'BACKUP_UNREADABLE'],
  ['no facility', { 'credentials.json': '{}' }, 'BACKUP_DAMAGED'],
  ['a file of another name', { 'facility.json': JSON.stringify(FACILITY), 'local-token': 'x' }, 'BACKUP_DAMAGED'],
  ['a file elsewhere', { '../facility.json': JSON.stringify(FACILITY) }, 'BACKUP_DAMAGED'],
])('%s is refused, and nothing is left of it', async (_what, files, code) => {
  await expect(prepareRestore(folder.path, filesOf(files))).rejects.toMatchObject({ code })
  expect(readdirSync(folder.path)).toEqual([])
})

test('what can be started from is prepared', async () => {
  await prepareRestore(folder.path, filesOf({ 'facility.json': JSON.stringify(FACILITY) }))
  expect(readdirSync(folder.path)).toEqual(['restore.ready'])
})
