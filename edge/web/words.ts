import { patientsWords } from './patients/words'
import { syncWords } from './sync/words'

/** Each folder's words, under the name that begins their keys. */
export const words = { patients: patientsWords, sync: syncWords }
