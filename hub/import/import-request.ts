import { CodedError } from '../../protocol/error-codes'
import { PURPOSE_OF_USE, REASON } from '../../protocol/headers'
import { isMrn } from '../../protocol/mrn'
import {
  isPurposeOfUse,
  isReason,
  needsReason,
  PURPOSES_OF_USE,
  type PurposeOfUse,
  reasonFromHeader,
} from '../../protocol/purpose-of-use'
import type { Authentication, ImportCall } from './authenticate'

export interface ImportRequest {
  mrn: string
  purpose: PurposeOfUse
  reason?: string
  linked: boolean
}

/** What is asked, or the error that says what is wrong with it. */
export function readImportRequest(
  call: ImportCall,
  scheme: Extract<Authentication, { kind: 'node' }>['scheme'],
): ImportRequest | CodedError {
  if (call.method !== 'GET') return new CodedError('METHOD_NOT_ALLOWED', 'A record is read with GET.')
  if (!isMrn(call.mrn))
    return new CodedError('INVALID_REQUEST', 'The path must hold an MRN: Patient/{mrn}/$everything.')

  const linked = readLinked(call.target)
  if (linked === undefined) {
    return new CodedError('INVALID_REQUEST', 'The only parameter is _linked, and it is true or false.')
  }
  // The paper's scheme has no purpose: whoever uses it is a hospital that treats.
  const purpose = purposeOf(call) ?? (scheme === 'paper' ? 'TREAT' : '')
  if (!isPurposeOfUse(purpose)) {
    const known = Object.keys(PURPOSES_OF_USE).join(', ')
    return new CodedError('PURPOSE_INVALID', `${PURPOSE_OF_USE} must be one of ${known}.`)
  }
  // There the purpose isn't signed either, so whoever saw one request could break the glass with it for ever.
  if (purpose === 'BTG' && scheme === 'paper') {
    return new CodedError('PURPOSE_INVALID', 'BTG needs a signature of RFC 9421.')
  }
  const reason = reasonOf(call)
  if (reason === undefined) {
    return needsReason(purpose)
      ? new CodedError('PURPOSE_INVALID', `${purpose} needs a ${REASON} header that says why.`)
      : { mrn: call.mrn, purpose, linked }
  }
  if (!isReason(reason)) return new CodedError('INVALID_REQUEST', `${REASON} must be one line of 1 to 500 characters.`)
  return { mrn: call.mrn, purpose, reason, linked }
}

export function purposeOf(call: ImportCall): string | undefined {
  const value = call.headers[PURPOSE_OF_USE.toLowerCase()]
  return typeof value === 'string' ? value : undefined
}

export function reasonOf(call: ImportCall): string | undefined {
  const value = call.headers[REASON.toLowerCase()]
  return typeof value === 'string' ? reasonFromHeader(value) : undefined
}

/** Nothing is ignored: a parameter that narrows the answer at another server must not be taken for done here. */
function readLinked(target: string): boolean | undefined {
  const parameters = [...new URLSearchParams(target.split('?').slice(1).join('?'))]
  if (parameters.length === 0) return true
  const [name, value] = parameters[0] ?? []
  if (parameters.length > 1 || name !== '_linked' || (value !== 'true' && value !== 'false')) return undefined
  return value === 'true'
}
