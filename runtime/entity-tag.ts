import { createHash } from 'node:crypto'

/** Of the text of an answer, as it stands in ETag (RFC 9110, section 8.8.3): the same at every gateway. */
export function entityTag(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 16)}"`
}

/** Whether the caller has this already (RFC 9110, section 13.1.2). */
export function isKnown(tag: string, ifNoneMatch: string | undefined): boolean {
  return (ifNoneMatch ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === tag)
}
