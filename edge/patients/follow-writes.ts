import type { Log } from '../../runtime/log'
import type { EhrStore } from '../store/ehr'
import type { PatientFinder } from './patient-finder'

/** Large loads are worked into the lists while they go on, so that nobody who looks for a patient waits for them. */
export function followWrites(store: EhrStore, finder: PatientFinder, log: Log): void {
  const follow = () => finder.catchUp().catch((err: unknown) => log.warn({ err }, 'the lists of patients lag behind'))
  store.onWritten(() => void follow())
  void follow()
}
