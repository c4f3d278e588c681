import { alertsWords } from './alerts/words'
import { auditWords } from './audit/words'
import { consoleErrorWords } from './error-words'
import { facilitiesWords } from './facilities/words'
import { healthWords } from './health/words'
import { operatorsWords } from './operators/words'
import { recordsWords } from './records/words'
import { refusedWords } from './refused/words'
import { registrationsWords } from './registrations/words'
import { sessionWords } from './session/words'
import { settingsWords } from './settings/words'
import { todayWords } from './today/words'

/** Each folder's words, under the name that begins their keys. */
export const words = {
  alerts: alertsWords,
  audit: auditWords,
  errors: consoleErrorWords,
  facilities: facilitiesWords,
  health: healthWords,
  operators: operatorsWords,
  records: recordsWords,
  refused: refusedWords,
  registrations: registrationsWords,
  session: sessionWords,
  settings: settingsWords,
  today: todayWords,
}
