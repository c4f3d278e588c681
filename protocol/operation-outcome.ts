import type { OperationOutcome, OperationOutcomeIssue } from 'fhir/r4'
import type { CodedError, ErrorCode, Problem } from './error-codes'

/** The code system of our error codes in `OperationOutcome.issue.details.coding`. */
export const ERROR_CODE_SYSTEM = 'https://lontar.health/error-code'

/** FHIR R4 value set `issue-type`, as far as it is used here. */
export type IssueType = OperationOutcomeIssue['code']

/**
 * What a FHIR client that doesn't know our codes is told (http://hl7.org/fhir/R4/valueset-issue-type.html). A new error
 * code without a row here does not compile.
 */
const ISSUE_TYPE: Readonly<Record<ErrorCode, IssueType>> = {
  INVALID_REQUEST: 'invalid',
  INVALID_JSON: 'structure',
  UNSUPPORTED_MEDIA_TYPE: 'not-supported',
  BODY_TOO_LARGE: 'too-long',
  BODY_TOO_DEEP: 'structure',
  BODY_TOO_SLOW: 'timeout',
  NOT_FOUND: 'not-found',
  METHOD_NOT_ALLOWED: 'not-supported',
  UNAUTHENTICATED: 'login',
  SIGNED_OUT: 'login',
  LOCKED: 'throttled',
  CSRF: 'forbidden',
  FORBIDDEN: 'forbidden',
  NODE_SUSPENDED: 'forbidden',
  DATA_ACCESS_REQUIRED: 'forbidden',
  EXTERNAL_ID_TAKEN: 'duplicate',
  REGISTRATION_UNKNOWN: 'not-found',
  REGISTRATION_DECIDED: 'conflict',
  TOO_MANY_REGISTRATIONS: 'throttled',
  TOO_MANY_FROM_ADDRESS: 'throttled',
  NODE_UNKNOWN: 'not-found',
  CONFIGURATION_UNKNOWN: 'not-found',
  DATA_ACCESS_NOT_REQUESTED: 'conflict',
  NOT_REGISTERED: 'conflict',
  OPERATOR_UNKNOWN: 'not-found',
  OPERATOR_EXISTS: 'duplicate',
  OPERATOR_FIXED: 'business-rule',
  TOO_MANY_OPERATORS: 'too-costly',
  PASSWORD_WEAK: 'business-rule',
  TOTP_WRONG: 'login',
  TOTP_STATE: 'conflict',
  PERSON_UNKNOWN: 'not-found',
  PERSON_EXISTS: 'duplicate',
  LAST_ADMIN: 'business-rule',
  TOKEN_UNKNOWN: 'not-found',
  TOO_MANY_PEOPLE: 'too-costly',
  SESSION_SUPERSEDED: 'conflict',
  MRN_TAKEN: 'duplicate',
  IMPORT_ENDED: 'conflict',
  SIGNATURE_MISSING: 'login',
  SIGNATURE_INVALID: 'login',
  CLOCK_SKEW: 'expired',
  REPLAY: 'duplicate',
  PURPOSE_INVALID: 'code-invalid',
  PATIENT_UNKNOWN: 'not-found',
  CONSENT_REFUSED: 'suppressed',
  RECORD_TOO_LARGE: 'too-costly',
  TOO_MANY_ROWS: 'too-costly',
  COUNTS_NOT_READY: 'transient',
  BTG_UNKNOWN: 'not-found',
  RESOURCE_NOT_FOUND: 'not-found',
  RESOURCE_DELETED: 'deleted',
  RESOURCE_INVALID: 'invalid',
  RESOURCE_TYPE_UNSUPPORTED: 'not-supported',
  VERSION_CONFLICT: 'conflict',
  EDIT_CONFLICT: 'conflict',
  PATIENT_HAS_RECORDS: 'conflict',
  PATIENT_REFERENCE_INVALID: 'business-rule',
  READ_ONLY_COPY: 'forbidden',
  SEARCH_PARAMETER_UNSUPPORTED: 'not-supported',
  MULTIPLE_MATCHES: 'multiple-matches',
  MRN_EXHAUSTED: 'business-rule',
  MRN_UNCERTAIN: 'transient',
  TOO_MANY_DRAFTS: 'too-costly',
  RATE_LIMITED: 'throttled',
  OVERLOADED: 'throttled',
  NOT_READY: 'transient',
  DATABASE_UNAVAILABLE: 'transient',
  BACKUP_UNREADABLE: 'invalid',
  BACKUP_DAMAGED: 'invalid',
  PASSPHRASE_WRONG: 'security',
  PLACE_UNKNOWN: 'not-found',
  BACKUP_RUNNING: 'conflict',
  DATA_THERE: 'conflict',
  DISK_FULL: 'transient',
  HUB_UNREACHABLE: 'transient',
  INTERNAL: 'exception',
}

/**
 * An error as FHIR says it: one issue, or one for each problem. All carry the code of the contract.
 */
export function operationOutcomeOf(
  error: Pick<CodedError, 'code' | 'message'>,
  problems: readonly Problem[] = [],
): OperationOutcome {
  const issue = (diagnostics: string): OperationOutcomeIssue => ({
    severity: 'error',
    code: ISSUE_TYPE[error.code],
    details: { coding: [{ system: ERROR_CODE_SYSTEM, code: error.code }], text: error.message },
    diagnostics,
  })
  return {
    resourceType: 'OperationOutcome',
    issue:
      problems.length === 0
        ? [issue(error.message)]
        : problems.map((problem) => ({ ...issue(problem.diagnostics), expression: [problem.expression] })),
  }
}
