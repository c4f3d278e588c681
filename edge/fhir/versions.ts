import { CodedError } from '../../protocol/error-codes'

/** FHIR's version is CouchDB's revision, and its ETag a weak one (https://hl7.org/fhir/R4/http.html#concurrency). */
export function etagOf(rev: string): string {
  return `W/"${rev}"`
}

/** PouchDB answers anything else than this form with an error of its own. */
export function isRevision(text: string): boolean {
  return /^[1-9][0-9]{0,8}-[0-9a-f]{32}$/.test(text)
}

/** The revision that If-Match asks for: `W/"3-ab…"`, `"3-ab…"`. Throws INVALID_REQUEST. */
export function revisionIn(ifMatch: string): string {
  const [, rev] = /^(?:W\/)?"([^"]{1,64})"$/.exec(ifMatch.trim()) ?? []
  if (rev === undefined) throw new CodedError('INVALID_REQUEST', 'If-Match must be one version: W/"<version>".')
  return rev
}

export function versionConflict(): CodedError {
  return new CodedError('VERSION_CONFLICT', 'If-Match names a version that is no longer the newest.')
}

export function editConflict(): CodedError {
  return new CodedError('EDIT_CONFLICT', 'Somebody changed the resource at the same moment; nothing was written.')
}
