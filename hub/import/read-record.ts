import type { Patient } from 'fhir/r4'
import { isMrn } from '../../protocol/mrn'
import { type RecordVerdict, referenceTo } from '../consent/judge-record'
import type { StoredRecord } from './stored-record'

export interface RecordReader {
  /** The documents of one patient's partition, in the order of their ids. `take` is told of the bytes that they need. */
  partition(mrn: string, take: (bytes: number) => void): Promise<StoredRecord[]>
  /** Those of the ids that there are. */
  byIds(ids: readonly string[], take: (bytes: number) => void): Promise<StoredRecord[]>
  /** A document as it is in a revision that did not win. */
  leaf(id: string, rev: string, take: (bytes: number) => void): Promise<unknown>
  /** MRNs of the Patients that link to this one. */
  linksTo(mrn: string): Promise<string[]>
}

/** One person has few records; a chain that somebody made up must not pull out the database. */
export const MOST_LINKED_RECORDS = 20

export type ReadRecords =
  /** What arrived before the Patient is not a record yet. */
  | { kind: 'unknown' }
  | { kind: 'refused'; withheld: number }
  | {
      kind: 'found'
      /** By MRN, the one that was asked for first; what consent keeps back is not there. */
      records: Map<string, StoredRecord[]>
      /** How many resources consent keeps back; a linked record that is refused as a whole counts once. */
      withheld: number
      /** More records are linked than are read together. */
      isCut: boolean
    }

export interface HowToRead {
  linked: boolean
  take: (bytes: number) => void
  /** What consent says of one record. Not waited for where it need not be. */
  judge: (documents: readonly StoredRecord[]) => Promise<RecordVerdict> | RecordVerdict
  /** What consent keeps back is counted, and comes all the same. */
  breaksGlass: boolean
}

/**
 * The partitions of a patient and of all that are linked with it, in either direction and over several steps. From a record that
 * is refused no further step is taken: that two records are of one person is part of it.
 */
export async function readLinkedRecords(mrn: string, reader: RecordReader, how: HowToRead): Promise<ReadRecords> {
  const records = new Map<string, StoredRecord[]>()
  const asked = new Set([mrn])
  let withheld = 0
  let isCut = false
  let next = [mrn]
  while (next.length > 0) {
    const read = await Promise.all(next.map((one) => readOne(one, reader, how)))
    const neighbours = new Set<string>()
    for (const one of read) {
      if (one.kind === 'unknown') {
        if (one.mrn === mrn) return { kind: 'unknown' }
        continue
      }
      if (one.mrn === mrn && one.kind === 'refused') return { kind: 'refused', withheld: one.withheld }
      withheld += one.kind === 'refused' ? 1 : one.withheld
      if (one.kind === 'refused') continue
      records.set(one.mrn, one.documents)
      for (const link of one.links) neighbours.add(link)
    }
    const further = [...neighbours].filter((link) => !asked.has(link))
    next = further.slice(0, MOST_LINKED_RECORDS + 1 - asked.size)
    isCut ||= next.length < further.length
    for (const link of next) asked.add(link)
  }
  return { kind: 'found', records, withheld, isCut }
}

type OneRecord =
  /** A link may lead to a record that has not arrived, or to nothing at all. */
  | { kind: 'unknown'; mrn: string }
  | { kind: 'refused'; mrn: string; withheld: number }
  | { kind: 'found'; mrn: string; documents: StoredRecord[]; links: string[]; withheld: number }

async function readOne(mrn: string, reader: RecordReader, how: HowToRead): Promise<OneRecord> {
  const { linked, judge, breaksGlass } = how
  // The short question first, or it waits behind the long one.
  const linking = linked ? reader.linksTo(mrn) : []
  const [backward, found] = await Promise.all([linking, reader.partition(mrn, how.take)])
  const patient = found.find(({ type }) => type === 'Patient')
  if (!patient) return { kind: 'unknown', mrn }
  const verdict = await judge(found)
  if (verdict.kind === 'refused' && !breaksGlass) return { kind: 'refused', mrn, withheld: found.length }
  const documents = verdict.kind === 'refused' || breaksGlass ? found : without(verdict.withheld, found)
  return {
    kind: 'found',
    mrn,
    // Whose record it is stands before it.
    documents: [patient, ...documents.filter((document) => document !== patient)],
    links: linked ? [...forwardLinks(patient), ...backward].filter(isMrn) : [],
    withheld: verdict.kind === 'refused' ? found.length : verdict.withheld.size,
  }
}

function without(withheld: ReadonlySet<string>, documents: StoredRecord[]): StoredRecord[] {
  return withheld.size === 0
    ? documents
    : documents.filter(({ type, resourceId }) => !withheld.has(referenceTo({ type, id: resourceId })))
}

function forwardLinks(patient: StoredRecord): string[] {
  const { link } = patient.resource() as Patient
  return (Array.isArray(link) ? link : []).flatMap(
    (one) => /^Patient\/([A-Z0-9]+)$/.exec(one?.other?.reference ?? '')?.[1] ?? [],
  )
}
