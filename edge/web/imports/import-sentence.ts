import type { EdgeStatus, ImportTicket } from '../../../schemas/generated/types'

/** What one line says of an import: a key of the words, and what a person can do about it. */
export interface ImportSentence {
  readonly key:
    | 'running'
    | 'soon'
    | 'noLink'
    | 'noAccess'
    | 'accessRefused'
    | 'notRegistered'
    | 'suspended'
    | 'unknownYet'
    | 'later'
    | 'done'
    | 'doneWithheld'
    | 'cancelled'
    | 'unknown'
    | 'consent'
    | 'tooLarge'
    | 'keyRefused'
    | 'failed'
  readonly tone: 'good' | 'busy' | 'waiting' | 'attention' | 'quiet'
  readonly deeds: readonly Deed[]
}

/** `breakGlass` asks again with BTG, `again` with the same. */
export type Deed = 'open' | 'cancel' | 'again' | 'breakGlass'

/** Why it waits is told by what holds up all of them before what was answered to this one. */
export function importSentence(
  { status, lastError, withheld, purpose }: ImportTicket,
  edge: Pick<EdgeStatus, 'registration' | 'dataAccess'> | undefined,
): ImportSentence {
  switch (status) {
    case 'running':
      return { key: 'running', tone: 'busy', deeds: ['cancel'] }
    case 'done':
      return withheld
        ? { key: 'doneWithheld', tone: 'attention', deeds: ['open', ...(purpose === 'BTG' ? [] : BREAK)] }
        : { key: 'done', tone: 'good', deeds: ['open'] }
    case 'cancelled':
      return { key: 'cancelled', tone: 'quiet', deeds: ['again'] }
    case 'failed':
      return failed(lastError?.error)
    case 'waiting':
      return { key: waitsFor(lastError?.error, edge), tone: 'waiting', deeds: ['cancel'] }
  }
}

const BREAK: readonly Deed[] = ['breakGlass']

function failed(code: string | undefined): ImportSentence {
  switch (code) {
    case 'CONSENT_REFUSED':
      return { key: 'consent', tone: 'attention', deeds: BREAK }
    case 'PATIENT_UNKNOWN':
      return { key: 'unknown', tone: 'attention', deeds: ['again'] }
    case 'RECORD_TOO_LARGE':
    case 'BODY_TOO_LARGE':
      return { key: 'tooLarge', tone: 'attention', deeds: [] }
    case 'SIGNATURE_INVALID':
      return { key: 'keyRefused', tone: 'attention', deeds: ['again'] }
    default:
      return { key: 'failed', tone: 'attention', deeds: ['again'] }
  }
}

function waitsFor(
  code: string | undefined,
  edge: Pick<EdgeStatus, 'registration' | 'dataAccess'> | undefined,
): ImportSentence['key'] {
  const registration = edge?.registration.status
  if (registration === 'suspended' || code === 'NODE_SUSPENDED') return 'suspended'
  if (registration !== undefined && registration !== 'accepted') return 'notRegistered'
  const access = edge?.dataAccess.status
  if (access === 'rejected') return 'accessRefused'
  if ((access !== undefined && access !== 'accepted') || code === 'DATA_ACCESS_REQUIRED') return 'noAccess'
  if (code === undefined) return 'soon'
  if (code === 'HUB_UNREACHABLE') return 'noLink'
  return code === 'PATIENT_UNKNOWN' ? 'unknownYet' : 'later'
}
