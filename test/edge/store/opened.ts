import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EhrStore, type Write } from '../../../edge/store/ehr'
import { MrnCounter } from '../../../edge/store/mrn-counter'
import { PatientIndex } from '../../../edge/store/patient-index'
import { EdgeState } from '../../../edge/store/state'
import { documentIdOf, type Place, resourceIdOf } from '../../../protocol/ids'
import type { RecordDocument } from '../../../schemas/generated/types'

export interface Opened {
  folder: string
  store: EhrStore
  state: EdgeState
  counter: MrnCounter
  index: PatientIndex
  close(): Promise<void>
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'lontar-edge-'))
}

export function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

/** The edge's databases in a folder, as facility 101. */
export async function opened(folder: string): Promise<Opened> {
  const store = await EhrStore.open(folder)
  const state = await EdgeState.open(folder)
  const index = new PatientIndex(store, state)
  return {
    folder,
    store,
    state,
    index,
    counter: new MrnCounter(store, state, '101'),
    close: async () => {
      await index.stop()
      await state.stop()
      await store.stop()
    },
  }
}

export function record(place: Place, resource: object = {}, more: Partial<RecordDocument> = {}): RecordDocument {
  return {
    _id: documentIdOf(place),
    type: place.type,
    ...(place.partition === '101' ? {} : { mrn: place.partition }),
    facility: '101',
    recordedAt: '2026-01-02T03:04:05.678Z',
    resource: { resourceType: place.type, id: resourceIdOf(place), ...resource } as RecordDocument['resource'],
    ...more,
  }
}

/** Writes documents as new ones; throws where one is there. */
export async function put(store: EhrStore, ...documents: RecordDocument[]): Promise<void> {
  const writes: Write[] = documents.map((document) => ({ id: document._id, document, expectedRev: undefined }))
  const outcome = await store.write(async () => writes)
  if (outcome.kind !== 'written') throw new Error(`conflict at ${outcome.id}`)
}
