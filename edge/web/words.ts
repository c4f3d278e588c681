import { draftWords } from './drafts/words'
import { patientsWords } from './patients/words'
import { syncWords } from './sync/words'

/** Each folder's words, under the name that begins their keys. */
export const words = { drafts: draftWords, patients: patientsWords, sync: syncWords }
