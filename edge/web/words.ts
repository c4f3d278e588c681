import { draftWords } from './drafts/words'
import { patientWords } from './patient/words'
import { patientsWords } from './patients/words'
import { syncWords } from './sync/words'

/** Each folder's words, under the name that begins their keys. */
export const words = { drafts: draftWords, patient: patientWords, patients: patientsWords, sync: syncWords }
