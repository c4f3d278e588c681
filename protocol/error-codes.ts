/**
 * Every code that a caller can meet, with its HTTP status, whether the same request can succeed later without a
 * change (`retry`), and what it means. Codes are API: added, never renamed. docs/errors.md is held against this list.
 */
export const ERROR_CODES = {
  // what was sent
  INVALID_REQUEST: {
    status: 400,
    retry: false,
    meaning: 'The request is not of the form that is documented; the reason names the place.',
  },
  INVALID_JSON: { status: 400, retry: false, meaning: 'The body is not JSON.' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    retry: false,
    meaning: 'The body has a content type or encoding that is not taken here.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    retry: false,
    meaning: 'The body is larger than the limit, as sent or unpacked; send it in smaller parts.',
  },
  BODY_TOO_DEEP: { status: 400, retry: false, meaning: 'The body is nested deeper than 100 levels.' },
  BODY_TOO_SLOW: {
    status: 408,
    retry: true,
    meaning: 'The body came too slowly: less than 3,000 bytes in a minute.',
  },
  NOT_FOUND: { status: 404, retry: false, meaning: 'There is nothing under this address.' },
  METHOD_NOT_ALLOWED: { status: 405, retry: false, meaning: 'This address does not take this method.' },

  // who is asking
  UNAUTHENTICATED: { status: 401, retry: false, meaning: 'The credentials are missing or wrong.' },
  SIGNED_OUT: {
    status: 401,
    retry: false,
    meaning: 'The session has ended, or it is not one of this program; sign in again.',
  },
  LOCKED: {
    status: 401,
    retry: true,
    meaning: 'Too many wrong tries at this name or from this address; Retry-After says when the next one counts.',
  },
  CSRF: {
    status: 403,
    retry: false,
    meaning: "A change that comes with a session needs that session's X-CSRF-Token.",
  },
  FORBIDDEN: { status: 403, retry: false, meaning: 'The caller is known, and may not do this.' },
  NODE_SUSPENDED: {
    status: 403,
    retry: true,
    meaning: 'The operator has suspended this facility; it works again once it is resumed.',
  },
  DATA_ACCESS_REQUIRED: {
    status: 403,
    retry: true,
    meaning: 'The facility has no accepted data-access registration; ask for one, and the operator decides.',
  },

  // registration
  EXTERNAL_ID_TAKEN: {
    status: 409,
    retry: false,
    meaning: 'An accepted facility has this external ID, or one that begins it or that it begins.',
  },
  REGISTRATION_UNKNOWN: { status: 404, retry: false, meaning: 'No registration has this id; it may have expired.' },
  REGISTRATION_DECIDED: { status: 409, retry: false, meaning: 'This registration was decided before, the other way.' },
  TOO_MANY_REGISTRATIONS: {
    status: 429,
    retry: true,
    meaning: 'Too many registrations wait for a decision; the operator has to decide some first.',
  },
  TOO_MANY_FROM_ADDRESS: {
    status: 429,
    retry: true,
    meaning: 'Too many registrations from this address wait for a decision; the operator has to decide some first.',
  },
  NODE_UNKNOWN: { status: 404, retry: false, meaning: 'No facility of this name was accepted.' },
  CONFIGURATION_UNKNOWN: { status: 404, retry: false, meaning: 'The facility had no such configuration.' },
  DATA_ACCESS_NOT_REQUESTED: { status: 409, retry: false, meaning: 'The facility has not asked for data access.' },
  NOT_REGISTERED: { status: 409, retry: true, meaning: 'This facility is not accepted at the hub yet.' },

  // the accounts of operators
  OPERATOR_UNKNOWN: { status: 404, retry: false, meaning: 'No operator has this name.' },
  OPERATOR_EXISTS: { status: 409, retry: false, meaning: 'An operator has this name already.' },
  OPERATOR_FIXED: {
    status: 409,
    retry: false,
    meaning:
      'The first account is as the settings of the hub say; it is not changed, removed or given a second factor.',
  },
  TOO_MANY_OPERATORS: { status: 409, retry: false, meaning: 'There are as many operators as there can be.' },
  PASSWORD_WEAK: { status: 400, retry: false, meaning: 'The password is too short, or too easily guessed.' },
  TOTP_WRONG: {
    status: 400,
    retry: false,
    meaning: 'The code is not one of this moment, or it was used before; wait for the next one.',
  },
  TOTP_STATE: {
    status: 409,
    retry: false,
    meaning: 'The account has a second factor already, or none was begun.',
  },

  // the people at a facility
  PERSON_UNKNOWN: { status: 404, retry: false, meaning: 'Nobody here has this name.' },
  PERSON_EXISTS: {
    status: 409,
    retry: false,
    meaning: 'Somebody here has this name already; names are not given twice.',
  },
  LAST_ADMIN: {
    status: 409,
    retry: false,
    meaning: 'Somebody has to be left who may change settings: make another admin first.',
  },
  TOKEN_UNKNOWN: { status: 404, retry: false, meaning: 'No token has this id.' },
  TOO_MANY_PEOPLE: {
    status: 409,
    retry: false,
    meaning: 'There are as many accounts, or tokens that are not revoked, as there can be.',
  },

  // sync
  SESSION_SUPERSEDED: {
    status: 409,
    retry: false,
    meaning:
      'The checkpoint names another session than the request: another machine pushes in this facility’s name, or the hub was restored. Nothing was written; compare the checkpoints.',
  },
  MRN_TAKEN: {
    status: 409,
    retry: false,
    meaning:
      'The hub has another patient under this MRN; one of the two needs a new one. Only as the code of a document that a push is refused.',
  },

  // import
  IMPORT_ENDED: {
    status: 409,
    retry: false,
    meaning: 'The import has ended; only one that waits or runs can be cancelled.',
  },
  SIGNATURE_MISSING: { status: 401, retry: false, meaning: 'The request carries no signature.' },
  SIGNATURE_INVALID: {
    status: 401,
    retry: false,
    meaning: 'The signature is not one of this node over the parts that must be signed.',
  },
  CLOCK_SKEW: {
    status: 401,
    retry: true,
    meaning:
      "The signature's time is more than 300 s from the hub's, which the Date header shows; correct the clock and sign again.",
  },
  REPLAY: {
    status: 409,
    retry: false,
    meaning: 'A request with this nonce was answered before; sign again with a new one.',
  },
  PURPOSE_INVALID: {
    status: 400,
    retry: false,
    meaning: 'Purpose-Of-Use is missing or not a known code, or BTG came without a Reason.',
  },
  PATIENT_UNKNOWN: {
    status: 404,
    retry: true,
    meaning: 'The hub has no patient of this MRN; the facility may not have sent it yet.',
  },

  CONSENT_REFUSED: {
    status: 403,
    retry: false,
    meaning:
      'Consent does not let this facility read this record; in an emergency ask again with the purpose BTG and a Reason, which is reviewed.',
  },
  RECORD_TOO_LARGE: {
    status: 422,
    retry: false,
    meaning: 'The record, with what is linked to it, is larger than one answer can be; ask with _linked=false.',
  },
  TOO_MANY_ROWS: {
    status: 400,
    retry: false,
    meaning: 'The table would be larger than one answer can be; ask for fewer weeks, fewer dimensions or one facility.',
  },
  COUNTS_NOT_READY: {
    status: 503,
    retry: true,
    meaning: 'The counts are being made from what is there, for the first time; try again after Retry-After.',
  },
  BTG_UNKNOWN: { status: 404, retry: false, meaning: 'No audit entry of this id broke the glass.' },

  // the edge's records
  RESOURCE_NOT_FOUND: { status: 404, retry: false, meaning: 'No resource has this type and id here.' },
  RESOURCE_DELETED: { status: 410, retry: false, meaning: 'The resource was deleted.' },
  RESOURCE_INVALID: {
    status: 422,
    retry: false,
    meaning: 'The resource breaks FHIR R4; each issue names its element.',
  },
  RESOURCE_TYPE_UNSUPPORTED: { status: 404, retry: false, meaning: 'Resources of this type are not kept here.' },
  VERSION_CONFLICT: {
    status: 412,
    retry: false,
    meaning: 'If-Match names a version that is no longer the newest; read it again and merge.',
  },
  EDIT_CONFLICT: {
    status: 409,
    retry: true,
    meaning: 'Somebody changed the resource at the same moment; nothing was written.',
  },
  PATIENT_HAS_RECORDS: {
    status: 409,
    retry: false,
    meaning: 'A patient with records can not be deleted; delete the records first.',
  },
  PATIENT_REFERENCE_INVALID: {
    status: 422,
    retry: false,
    meaning: "The resource's patient reference is missing, or names no patient of this facility.",
  },
  READ_ONLY_COPY: {
    status: 403,
    retry: false,
    meaning: "This is another facility's record; it can be read here and changed only there.",
  },
  SEARCH_PARAMETER_UNSUPPORTED: {
    status: 400,
    retry: false,
    meaning:
      'The search uses a parameter, or a combination, that is not served; GET /fhir/metadata lists those that are.',
  },
  MULTIPLE_MATCHES: {
    status: 412,
    retry: false,
    meaning:
      'A condition (If-None-Exist, or a reference with a search in it) matches several resources; make it narrower.',
  },
  MRN_EXHAUSTED: {
    status: 409,
    retry: false,
    meaning: 'All MRNs of this facility are used; ask the ministry for a further external ID.',
  },
  MRN_UNCERTAIN: {
    status: 503,
    retry: true,
    meaning:
      'The data of this edge come from a copy; new patients can be registered once the hub has told which MRNs are in use, existing ones can be worked on.',
  },

  TOO_MANY_DRAFTS: {
    status: 409,
    retry: false,
    meaning: 'As many unfinished forms are kept as there can be; finish or discard some.',
  },

  // the process
  RATE_LIMITED: {
    status: 429,
    retry: true,
    meaning: 'Too many requests within a minute from this facility or address; Retry-After says when to come again.',
  },
  OVERLOADED: { status: 503, retry: true, meaning: 'Too much at once; try again after Retry-After.' },
  NOT_READY: { status: 503, retry: true, meaning: 'The process is starting or stopping.' },
  DATABASE_UNAVAILABLE: {
    status: 503,
    retry: true,
    meaning: 'The database does not answer, so it is not known whether anything was changed; try the same again.',
  },
  // copies of a facility's data
  BACKUP_UNREADABLE: {
    status: 400,
    retry: false,
    meaning: 'The file is no backup of this program, or one of a newer version of it.',
  },
  BACKUP_DAMAGED: {
    status: 400,
    retry: false,
    meaning: 'The backup is damaged, or not all of it is there. Nothing was changed; take another one.',
  },
  PASSPHRASE_WRONG: {
    status: 400,
    retry: false,
    meaning: 'The backup was made with another passphrase. Nothing was changed.',
  },
  PLACE_UNKNOWN: {
    status: 404,
    retry: true,
    meaning: 'There is no such drive or backup here; it may have been taken out.',
  },
  BACKUP_RUNNING: { status: 409, retry: true, meaning: 'A backup is made or put back already; wait for its end.' },
  DATA_THERE: {
    status: 409,
    retry: false,
    meaning: 'A backup is put back only where there are no data yet; nothing was changed.',
  },
  DISK_FULL: {
    status: 503,
    retry: true,
    meaning: 'There is not enough room on the disk; nothing was changed. Make room and try again.',
  },
  HUB_UNREACHABLE: {
    status: 503,
    retry: true,
    meaning: 'The hub can not be reached from here; the edge goes on trying by itself.',
  },
  INTERNAL: { status: 500, retry: true, meaning: 'A fault of ours; the id in the reason is found in the log.' },
} as const satisfies Record<string, { status: number; retry: boolean; meaning: string }>

export type ErrorCode = keyof typeof ERROR_CODES

/** Any error body of the contract; under `/fhir` it is an OperationOutcome instead. */
export interface ErrorBody {
  error: ErrorCode
  reason: string
}

/** One problem of a resource: where (a FHIRPath such as `Patient.birthDate`) and what, without the value found there. */
export interface Problem {
  expression: string
  diagnostics: string
}

/**
 * A failure that a caller can act on. `reason` is one sentence for a person and must hold no patient data (law 10).
 */
export class CodedError extends Error {
  readonly code: ErrorCode
  /** The places of a resource that are wrong, where it is that. */
  readonly problems: readonly Problem[] = []
  /** Such as Retry-After, where whoever refuses knows it. */
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: ErrorCode,
    reason: string,
    options?: { cause?: unknown; headers?: Readonly<Record<string, string>> },
  ) {
    super(reason, options)
    this.name = 'CodedError'
    this.code = code
    this.headers = options?.headers ?? {}
  }

  get status(): number {
    return ERROR_CODES[this.code].status
  }

  get body(): ErrorBody {
    return { error: this.code, reason: this.message }
  }
}
