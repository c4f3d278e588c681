import { CodedError, type ErrorCode } from '../../protocol/error-codes'
import type { NodeDocument } from '../../schemas/generated/types'
import { isRestricted } from '../consent/confidentiality'
import type { ConsentPolicy } from '../consent/judge-item'
import { recordItem } from '../consent/record-item'
import { bundleBytes, entryText } from './bundle-text'
import type { ImportRequest } from './import-request'
import type { ImportPlace } from './import-room'
import { judgeDocuments } from './judge-documents'
import { type RecordReader, readLinkedRecords } from './read-record'
import { referredEntries } from './referred-entries'
import type { StoredRecord } from './stored-record'

export interface ReleaseDeps {
  records: RecordReader
  consentPolicy: ConsentPolicy
  /** Throws OVERLOADED where too much is in memory. What enters leaves when its answer is gone. */
  enter(nodeName: string): Pick<ImportPlace, 'take'>
  now(): Date
}

/** What is to be released once it is audited. */
export interface Release {
  /** Of the patient that was asked for and of the linked ones. */
  documents: StoredRecord[]
  mrns: string[]
  /** How many resources are kept back; with BTG none are. */
  withheld: number
  /** With BTG: how many would have been kept back. */
  overridden?: number
  /** More records are linked than are sent together. */
  isCut: boolean
  place: Pick<ImportPlace, 'take'>
  /** Whether this may be released of what belongs to facilities. */
  isOpen: (document: StoredRecord) => boolean
}

/** What of a record this facility gets for this purpose; or why nothing. */
export async function release(
  asked: ImportRequest,
  node: Pick<NodeDocument, 'nodeName' | 'externalId'>,
  deps: ReleaseDeps,
): Promise<Release | { error: CodedError; withheld?: number }> {
  const { externalId } = node
  const reader = { externalId, purpose: asked.purpose, at: deps.now() }
  const breaksGlass = asked.purpose === 'BTG'
  try {
    const place = deps.enter(node.nodeName)
    const byIds = (ids: readonly string[]) => deps.records.byIds(ids, place.take)
    const leaf = (id: string, rev: string) => deps.records.leaf(id, rev, place.take)
    const found = await readLinkedRecords(asked.mrn, deps.records, {
      linked: asked.linked,
      take: place.take,
      judge: (documents) => judgeDocuments(documents, reader, deps.consentPolicy, { byIds, leaf }),
      breaksGlass,
    })
    if (found.kind === 'unknown') {
      return { error: new CodedError('PATIENT_UNKNOWN', 'The hub has no patient of this MRN.') }
    }
    if (found.kind === 'refused') return { error: new CodedError('CONSENT_REFUSED', REFUSED), withheld: found.withheld }
    return {
      documents: [...found.records.values()].flat(),
      mrns: [...found.records.keys()],
      ...(breaksGlass ? { withheld: 0, overridden: found.withheld } : { withheld: found.withheld }),
      isCut: found.isCut,
      place,
      isOpen: (document) => breaksGlass || document.facility === externalId || !isLabelled(document),
    }
  } catch (error) {
    if (error instanceof CodedError && OF_SIZE.has(error.code)) return { error }
    throw error
  }
}

/** Always these words: whether it is the patient's will, a label or the policy is nobody's business. */
const REFUSED =
  'Consent does not let this facility read this record. In an emergency ask again with the purpose BTG and a Reason; that is reviewed.'

/** What the room of imports answers: a decision like others, and written down as such. */
const OF_SIZE: ReadonlySet<ErrorCode> = new Set(['OVERLOADED', 'RECORD_TOO_LARGE'])

/** The record as it is sent. It is written down, and what belongs to facilities looked up, while the audit is on its way. */
export async function bundleOf(
  { documents, mrns, withheld, isCut, place, isOpen }: Release,
  address: { base: string; self: string },
  deps: ReleaseDeps,
): Promise<Buffer> {
  // The entry of the audit goes out first: what is done here would keep it from the disk for so long.
  await new Promise((resolve) => setImmediate(resolve))
  const matches = documents.map((document) => entryText(document, 'match', address.base))
  let isWithheld = withheld > 0
  const included = await referredEntries(
    matches,
    mrns,
    async (ids) => {
      const found = await deps.records.byIds(ids, place.take)
      const open = found.filter(isOpen)
      if (open.length < found.length) isWithheld = true
      return open
    },
    (document) => entryText(document, 'include', address.base),
  )
  return bundleBytes({ matches, included, isWithheld, isCut }, address.self, deps.now())
}

/** No Consent of a patient speaks of what belongs to a facility, so its labels decide alone. */
function isLabelled(document: StoredRecord): boolean {
  const { type, resourceId, hasLabels } = document
  return hasLabels && isRestricted(recordItem(type, resourceId, hasLabels, () => document.resource()).level)
}
