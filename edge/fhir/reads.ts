import type { Bundle } from 'fhir/r4'
import { CodedError } from '../../protocol/error-codes'
import { documentIdOf, placeOfResource } from '../../protocol/ids'
import type { Stored, StoredDocument } from '../store/ehr'
import { acceptedType } from './placement'
import { countOf, type SearchTools, searchDocuments, searchRequestOf } from './search'
import { searchBundle } from './search-bundle'
import { unsupported } from './search-parameters'
import { isRevision } from './versions'

export type Parameters = readonly [string, string][]

/** A patient with more than this is answered in pages, whatever was asked. */
const MAX_EVERYTHING = 10_000

/** Throws RESOURCE_NOT_FOUND and RESOURCE_DELETED. */
export async function readDocument({ store }: SearchTools, type: string, id: string): Promise<StoredDocument> {
  const place = placeOfResource(acceptedType(type), id)
  return present(place ? await store.get(documentIdOf(place)) : { kind: 'absent' })
}

/** A version, the present one or an earlier. */
export async function readVersion(
  { store }: SearchTools,
  type: string,
  id: string,
  rev: string,
): Promise<StoredDocument> {
  const place = placeOfResource(acceptedType(type), id)
  const document = place && isRevision(rev) ? await store.getRevision(documentIdOf(place), rev) : undefined
  if (!document) throw notFound()
  // A tombstone has no resource.
  if (document.resource === undefined) throw deleted()
  return document
}

export async function search(
  tools: SearchTools,
  baseUrl: string,
  type: string,
  parameters: Parameters,
): Promise<Bundle> {
  const accepted = acceptedType(type)
  const page = await searchDocuments(accepted, searchRequestOf(accepted, parameters), tools)
  return searchBundle(baseUrl, type, parameters, page)
}

/** The patient first, then the record in the order of its ids. Read-only copies are answered too. */
export async function everything(
  tools: SearchTools,
  baseUrl: string,
  id: string,
  parameters: Parameters,
): Promise<Bundle> {
  let count = MAX_EVERYTHING
  let after: string | undefined
  for (const [name, value] of parameters) {
    if (name === '_count') count = countOf(value)
    else if (name === '_cursor') after = Buffer.from(value, 'base64url').toString()
    else if (name !== '_format' && name !== '_pretty') throw unsupported()
  }
  const patient = await readDocument(tools, 'Patient', id)
  const first = after === undefined ? [patient] : []
  const wanted = count - first.length
  const span = { partition: id, limit: wanted + 2, ...(after === undefined ? {} : { after }) }
  // One more than fits tells whether there is a next page, and one for the patient, who stands among the others.
  const others = (await tools.store.read(span)).filter((document) => document.type !== 'Patient')
  const documents = [...first, ...others.slice(0, wanted)]
  const last = others.length > wanted ? (others[wanted - 1]?._id ?? `${id}:`) : undefined
  return searchBundle(
    baseUrl,
    `Patient/${id}/$everything`,
    parameters,
    last === undefined ? { documents } : { documents, next: last },
  )
}

function present(stored: Stored): StoredDocument {
  switch (stored.kind) {
    case 'present':
      return stored.document
    case 'deleted':
      throw deleted()
    case 'absent':
      throw notFound()
  }
}

function notFound(): CodedError {
  return new CodedError('RESOURCE_NOT_FOUND', 'No resource has this type and id here.')
}

function deleted(): CodedError {
  return new CodedError('RESOURCE_DELETED', 'The resource was deleted.')
}
