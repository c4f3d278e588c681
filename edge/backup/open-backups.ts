import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../../runtime/log'
import type { KeptFacility } from '../../schemas/generated/types'
import type { EhrStore } from '../store/ehr'
import type { EdgeState } from '../store/state'
import { BackupAgent, type Remembered } from './backup-agent'
import { placesFinder } from './places'

export interface BackupSettings {
  readonly dataFolder: string
  /** A place that is offered beside the drives. */
  readonly backupFolder?: string
}

/** All that a facility has, to be kept elsewhere. */
export function openBackups(
  parts: { store: EhrStore; state: EdgeState; facility: Omit<KeptFacility, 'version'>; log: Log },
  { dataFolder, backupFolder }: BackupSettings,
): BackupAgent {
  const { store, state, facility, log } = parts
  const { externalId, name } = facility
  // What came from the environment comes along: the machine that it is put back on may know nothing.
  const kept: KeptFacility = { version: 1, ...facility }
  const credentials = join(dataFolder, 'credentials.json')
  return new BackupAgent({
    facility: { externalId, name },
    source: {
      ehr: () => store.rawEntries(),
      state: () => state.rawEntries(),
      files: async () => [
        ['credentials.json', await readFile(credentials)],
        ['facility.json', Buffer.from(`${JSON.stringify(kept, null, 2)}\n`)],
      ],
      total: async () => Number((await store.database.info()).update_seq),
    },
    places: placesFinder(dataFolder, backupFolder),
    memory: state.part<Remembered>('backup'),
    now: () => new Date(),
    log,
  })
}
