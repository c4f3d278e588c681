import { CodedError } from '../../protocol/error-codes'
import type { Log } from '../../runtime/log'
import type { AnsweredError } from './ask'

/** Every request fails while the administrator is refused; the log needs to be told now and then. */
const TELL_EVERY_MS = 60_000

/**
 * CouchDB does not take the administrator's name and password (401), or not at present (403): after five wrong passwords
 * from one address it locks the account for five minutes, and refuses the right password too ([chttpd_auth_lockout]).
 * No caller's request is at fault, and the same one succeeds later.
 */
export class AdministratorRefusedError extends CodedError {
  readonly isLocked: boolean

  constructor(cause: AnsweredError) {
    super('DATABASE_UNAVAILABLE', 'The database does not answer; try again.', { cause })
    this.isLocked = cause.status === 403
  }
}

/** Tells a person what to do, and not at each request. */
export function refusalTeller(log: Pick<Log, 'error'> | undefined): (error: AdministratorRefusedError) => void {
  let toldAt = Number.NEGATIVE_INFINITY
  return (error) => {
    if (performance.now() - toldAt < TELL_EVERY_MS) return
    toldAt = performance.now()
    log?.error(
      { err: error.cause },
      error.isLocked
        ? 'CouchDB has locked the administrator out after too many wrong passwords: see that COUCHDB_URL has the right one at every gateway behind this address; the lock ends after five minutes'
        : "CouchDB does not take the administrator's name and password: put those that it has now into COUCHDB_URL, and start the hub again",
    )
  }
}
