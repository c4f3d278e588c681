import type { Attachment, DiagnosticReport, DocumentReference, Resource } from 'fhir/r4'

/** What a browser shows without running anything in it; whatever else is saved as a file. */
const SHOWN: ReadonlySet<string> = new Set([
  'application/pdf',
  'image/gif',
  'image/jpeg',
  'image/png',
  'image/webp',
  'text/plain',
])
const FILE_ENDS: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'image/gif': 'gif',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'text/plain': 'txt',
}

export interface OpenedAttachment {
  readonly bytes: Buffer
  readonly contentType: string
  /** Of the header Content-Disposition (RFC 6266). */
  readonly disposition: string
}

/** Files in the order in which the resource names them; their number is their address. */
export function attachmentsIn(resource: Resource): Attachment[] {
  if (resource.resourceType === 'DocumentReference')
    return (resource as DocumentReference).content.map(({ attachment }) => attachment)
  return resource.resourceType === 'DiagnosticReport' ? ((resource as DiagnosticReport).presentedForm ?? []) : []
}

/**
 * What stands in the resource itself; undefined where it only says where the file is. The type is one that this list knows, or
 * none at all: what somebody has called a picture and is a page stays a file.
 */
export function openedAttachment({ data, contentType = '', title = '' }: Attachment): OpenedAttachment | undefined {
  if (data === undefined) return undefined
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? ''
  const isShown = SHOWN.has(type)
  const end = FILE_ENDS[type]
  // By characters: half of one can not be encoded.
  const base = [...title.replace(/[^\p{L}\p{N} ._-]/gu, '').trim()].slice(0, 80).join('').trim() || 'document'
  const name = end !== undefined && !base.toLowerCase().endsWith(`.${end}`) ? `${base}.${end}` : base
  const ascii = name.replace(/[^\x20-\x7e]/g, '_')
  return {
    bytes: Buffer.from(data, 'base64'),
    contentType: type === 'text/plain' ? 'text/plain; charset=utf-8' : isShown ? type : 'application/octet-stream',
    disposition: `${isShown ? 'inline' : 'attachment'}; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(name)}`,
  }
}
