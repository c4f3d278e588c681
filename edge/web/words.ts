import { draftWords } from './drafts/words'
import { clinicErrorWords } from './error-words'
import { importWords } from './imports/words'
import { patientWords } from './patient/words'
import { patientsWords } from './patients/words'
import { peopleWords } from './people/words'
import { sessionWords } from './session/words'
import { settingsWords } from './settings/words'
import { signInWords } from './sign-in/words'
import { startWords } from './start/words'
import { syncWords } from './sync/words'
import { visitWords } from './visit/words'

/** Each folder's words, under the name that begins their keys. */
export const words = {
  drafts: draftWords,
  errors: clinicErrorWords,
  imports: importWords,
  patient: patientWords,
  patients: patientsWords,
  people: peopleWords,
  session: sessionWords,
  settings: settingsWords,
  signIn: signInWords,
  start: startWords,
  sync: syncWords,
  visit: visitWords,
}
