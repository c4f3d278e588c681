import type { Bundle, BundleEntry } from 'fhir/r4'
import { CodedError } from '../../protocol/error-codes'
import { documentIdOf, placeOfResource } from '../../protocol/ids'
import type { EhrStore, Revision } from '../store/ehr'
import { acceptedType } from './placement'
import type { Parameters } from './reads'
import { resourceOf } from './resource-form'
import { countOf } from './search'
import { unsupported } from './search-parameters'
import { etagOf } from './versions'

const DEFAULT_COUNT = 100

/**
 * The versions of a resource, newest first (https://hl7.org/fhir/R4/http.html#history). Older ones than fit are had by
 * `_cursor`. A version whose text the store no longer has is listed all the same, and says so.
 *
 * Throws RESOURCE_NOT_FOUND, SEARCH_PARAMETER_UNSUPPORTED and INVALID_REQUEST.
 */
export async function history(
  store: EhrStore,
  baseUrl: string,
  type: string,
  id: string,
  parameters: Parameters,
): Promise<Bundle> {
  const place = placeOfResource(acceptedType(type), id)
  const { count, cursor } = pageOf(parameters)
  const documentId = place && documentIdOf(place)
  const revisions = documentId === undefined ? undefined : await store.revisions(documentId)
  if (!revisions || documentId === undefined)
    throw new CodedError('RESOURCE_NOT_FOUND', 'No resource has this type and id here.')
  const start = cursor === undefined ? 0 : revisions.findIndex(({ rev }) => rev === cursor) + 1
  const page = revisions.slice(start, start + count)
  const path = `${type}/${id}`
  const entry = await Promise.all(page.map((revision) => entryOf(store, documentId, baseUrl, path, revision)))
  const next = start + count < revisions.length ? page.at(-1)?.rev : undefined
  return {
    resourceType: 'Bundle',
    type: 'history',
    total: revisions.length,
    link: [
      { relation: 'self', url: urlOf(baseUrl, path, parameters) },
      ...(next === undefined
        ? []
        : [
            {
              relation: 'next',
              url: urlOf(baseUrl, path, [
                ['_count', String(count)],
                ['_cursor', next],
              ]),
            },
          ]),
    ],
    entry,
  }
}

async function entryOf(
  store: EhrStore,
  documentId: string,
  baseUrl: string,
  path: string,
  { rev, kind }: Revision,
): Promise<BundleEntry> {
  const fullUrl = `${baseUrl}/${path}`
  const etag = etagOf(rev)
  if (kind === 'deleted')
    return { fullUrl, request: { method: 'DELETE', url: path }, response: { status: '204', etag } }
  const document = kind === 'present' ? await store.getRevision(documentId, rev) : undefined
  const request = { method: 'PUT' as const, url: path }
  if (!document) {
    const outcome = {
      resourceType: 'OperationOutcome' as const,
      issue: [
        {
          severity: 'information' as const,
          code: 'incomplete' as const,
          diagnostics: 'There was a version; its text was compacted.',
        },
      ],
    }
    return { fullUrl, request, response: { status: '410', etag, outcome } }
  }
  return {
    fullUrl,
    resource: resourceOf(document) as NonNullable<BundleEntry['resource']>,
    request,
    response: { status: rev.startsWith('1-') ? '201' : '200', etag, lastModified: document.recordedAt },
  }
}

function pageOf(parameters: Parameters): { count: number; cursor: string | undefined } {
  let count = DEFAULT_COUNT
  let cursor: string | undefined
  for (const [name, value] of parameters) {
    if (name === '_count') count = countOf(value)
    else if (name === '_cursor') cursor = value
    else if (name !== '_format' && name !== '_pretty') throw unsupported()
  }
  return { count, cursor }
}

function urlOf(baseUrl: string, path: string, parameters: Parameters): string {
  const query = new URLSearchParams([...parameters]).toString()
  return `${baseUrl}/${path}/_history${query === '' ? '' : `?${query}`}`
}
