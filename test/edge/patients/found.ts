import { PatientFinder } from '../../../edge/patients/patient-finder'
import { mrnOf } from '../../../protocol/mrn'
import type { RecordDocument } from '../../../schemas/generated/types'
import { newFolder, type Opened, opened, put, record, remove } from '../store/opened'

export interface Finding extends Opened {
  finder: PatientFinder
  /** Registers people one after the other: the last one is the newest. */
  register(...people: readonly Person[]): Promise<void>
  /** Names in the order of the answer. */
  names(text: string, limit?: number): Promise<string[]>
  close(): Promise<void>
}

export interface Person {
  name: string
  born?: string
  phone?: string
  nik?: string
  sex?: string
}

export const TODAY = new Date('2026-06-15T10:00:00')

export async function finding(): Promise<Finding> {
  const folder = newFolder()
  const edge = await opened(folder)
  const finder = new PatientFinder({ ...edge, externalId: '101', now: () => TODAY })
  let registered = 0
  return {
    ...edge,
    finder,
    register: async (...people) => {
      await put(edge.store, ...people.map((person) => documentOf(++registered, person)))
    },
    names: async (text, limit = 50) => (await finder.find(text, { limit })).patients.map(({ name }) => name),
    close: async () => {
      await finder.stop()
      await edge.close()
      remove(folder)
    },
  }
}

export function documentOf(counter: number, { name, born, phone, nik, sex }: Person): RecordDocument {
  const resource = {
    name: [{ text: name }],
    ...(born && { birthDate: born }),
    ...(sex && { gender: sex }),
    ...(phone && { telecom: [{ system: 'phone', value: phone }] }),
    ...(nik && { identifier: [{ system: 'https://fhir.kemkes.go.id/id/nik', value: nik }] }),
  }
  const recordedAt = new Date(Date.parse('2026-01-01T00:00:00Z') + counter * 1_000).toISOString()
  return record({ partition: mrnOf('101', counter), type: 'Patient' }, resource, { recordedAt })
}
