import type { Bundle, BundleEntry } from 'fhir/r4'
import type { StoredDocument } from '../store/ehr'
import type { Page } from './pages'
import { resourceOf } from './resource-form'

/**
 * A page of results. `total` stands only where the page is all there is: nothing is counted for it.
 *
 * @param path        what was asked, `Observation` or `Patient/<MRN>/$everything`
 * @param parameters  as they were sent, the cursor among them
 */
export function searchBundle(
  baseUrl: string,
  path: string,
  parameters: readonly [string, string][],
  { documents, next }: Page,
): Bundle {
  const query = parameters.filter(([name]) => name !== '_cursor')
  const isFirst = query.length === parameters.length
  const link = [{ relation: 'self', url: urlOf(baseUrl, path, parameters) }]
  if (next !== undefined) {
    const cursor = Buffer.from(next).toString('base64url')
    link.push({ relation: 'next', url: urlOf(baseUrl, path, [...query, ['_cursor', cursor]]) })
  }
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(isFirst && next === undefined ? { total: documents.length } : {}),
    link,
    // FHIR knows no empty arrays.
    ...(documents.length > 0 ? { entry: documents.map((document) => entryOf(baseUrl, document)) } : {}),
  }
}

function entryOf(baseUrl: string, document: StoredDocument): BundleEntry {
  const resource = resourceOf(document)
  return {
    fullUrl: `${baseUrl}/${resource.resourceType}/${resource.id}`,
    resource: resource as NonNullable<BundleEntry['resource']>,
    search: { mode: 'match' },
  }
}

function urlOf(baseUrl: string, path: string, parameters: readonly [string, string][]): string {
  const query = new URLSearchParams([...parameters]).toString()
  return query === '' ? `${baseUrl}/${path}` : `${baseUrl}/${path}?${query}`
}
