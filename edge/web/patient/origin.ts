import type { Resource } from 'fhir/r4'
import { IMPORTED_FROM } from '../../../protocol/import-bundle'

/** Where a part of the record comes from. */
export type Origin =
  | { readonly kind: 'own' }
  /** A read-only copy; `facility` is the external ID of who wrote it. */
  | { readonly kind: 'imported'; readonly facility: string; readonly at: string | undefined }

export function originOf({ meta }: Pick<Resource, 'meta'>): Origin {
  const tag = meta?.tag?.find(({ system }) => system === IMPORTED_FROM)
  if (!tag?.code) return { kind: 'own' }
  const [, at] = /imported (\d{4}-\d{2}-\d{2}T\S+Z)/.exec(tag.display ?? '') ?? []
  return { kind: 'imported', facility: tag.code, at }
}
