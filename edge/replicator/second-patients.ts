import type { ErrorCode } from '../../protocol/error-codes'
import type { OutgoingDocument } from './batch-reader'
import type { RefusedList, RefusedRow } from './refused-list'

const TAKEN: ErrorCode = 'MRN_TAKEN'
const REASON = 'The hub has another patient under this MRN, so what belongs to this one waits here.'

/**
 * R30: the hub refused a Patient, because it has another one under the same MRN. What belongs to ours must not get into the
 * record of the other: it goes in one request with the Patient, which the hub judges as a whole, or not at all.
 */
export async function withoutSecondPatients(
  refused: RefusedList,
  documents: readonly OutgoingDocument[],
): Promise<{ going: readonly OutgoingDocument[]; kept: RefusedRow[] }> {
  if (refused.count === 0) return { going: documents, kept: [] }
  const here = new Set(documents.map(({ id }) => id))
  const absent = new Set(documents.map(patientOf).filter((id) => !here.has(id)))
  const taken = new Set((await refused.find([...absent])).flatMap(({ id, code }) => (code === TAKEN ? [id] : [])))
  const isKept = (document: OutgoingDocument) => taken.has(patientOf(document))
  return {
    going: documents.filter((document) => !isKept(document)),
    kept: documents.filter(isKept).map(({ id, revs }) => ({ id, rev: revs[0] ?? '', error: TAKEN, reason: REASON })),
  }
}

/** The Patient of whatever is in a patient's partition. */
function patientOf({ id }: OutgoingDocument): string {
  return `${id.slice(0, id.indexOf(':'))}:Patient`
}
