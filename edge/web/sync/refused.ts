import type { RefusedDocument } from '../../../schemas/generated/types'

/** What a person can do about a record that the hub does not take. */
export type RefusalKind =
  /** The hub has another person under this MRN. */
  | 'twoPatients'
  /** It belongs to a patient whom the hub refused: it goes with the patient. */
  | 'withPatient'
  /** It breaks a rule of the ministry: correct it, and it goes again. */
  | 'rule'
  /** It is too large for the hub. */
  | 'tooLarge'

export function kindOf({ id, code, reason }: RefusedDocument): RefusalKind {
  if (code === 'MRN_TAKEN') return placeOf(id).type === 'Patient' ? 'twoPatients' : 'withPatient'
  if (code === 'BODY_TOO_LARGE' || /too large/i.test(reason)) return 'tooLarge'
  return 'rule'
}

/** Where it is to be looked at; `mrn` is undefined where it is the facility's own. */
export function placeOf(id: string): { type: string; mrn: string | undefined } {
  const [partition = '', type = ''] = id.split(':')
  return { type, mrn: /\d{7,8}$/.test(partition) ? partition : undefined }
}
