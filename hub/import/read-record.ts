import type { Patient } from 'fhir/r4'
import { isMrn } from '../../protocol/mrn'
import type { RecordDocument } from '../../schemas/generated/types'

/** A record stored at the hub: CouchDB gave it a revision. */
export type StoredRecord = RecordDocument & { _rev: string }

export interface RecordReader {
  /** The documents of one patient's partition, in the order of their ids. */
  partition(mrn: string): Promise<StoredRecord[]>
  /** Those of the ids that there are. */
  byIds(ids: readonly string[]): Promise<StoredRecord[]>
  /** MRNs of the Patients that link to this one. */
  linksTo(mrn: string): Promise<string[]>
}

/** One person has few records; a chain that somebody made up must not pull out the database. */
export const MOST_LINKED_RECORDS = 20

/**
 * The partitions of a patient and of all that are linked with it, in either direction and over several steps. Undefined
 * where the patient has no Patient document: what arrived before that is not a record yet.
 */
export async function readLinkedRecords(
  mrn: string,
  withLinked: boolean,
  reader: RecordReader,
): Promise<Map<string, StoredRecord[]> | undefined> {
  const found = new Map<string, StoredRecord[]>()
  const asked = new Set([mrn])
  let next = [mrn]
  while (next.length > 0) {
    const read = await Promise.all(next.map((one) => readOne(one, withLinked, reader)))
    const neighbours = new Set<string>()
    for (const { mrn: one, documents, links } of read) {
      const patient = documents.find((document) => document.type === 'Patient')
      // A link may lead to a record that has not arrived, or to nothing at all.
      if (!patient) continue
      // Whose record it is stands before it.
      found.set(one, [patient, ...documents.filter((document) => document !== patient)])
      for (const link of links) neighbours.add(link)
    }
    if (!found.has(mrn)) return undefined
    next = [...neighbours].filter((link) => !asked.has(link)).slice(0, MOST_LINKED_RECORDS + 1 - asked.size)
    for (const link of next) asked.add(link)
  }
  return found
}

async function readOne(mrn: string, withLinked: boolean, reader: RecordReader) {
  const [documents, backward] = await Promise.all([reader.partition(mrn), withLinked ? reader.linksTo(mrn) : []])
  return { mrn, documents, links: withLinked ? [...forwardLinks(documents), ...backward].filter(isMrn) : [] }
}

function forwardLinks(documents: readonly StoredRecord[]): string[] {
  const patient = documents.find((document) => document.type === 'Patient')?.resource as Patient | undefined
  return (patient?.link ?? []).flatMap((link) => /^Patient\/([A-Z0-9]+)$/.exec(link?.other?.reference ?? '')?.[1] ?? [])
}
