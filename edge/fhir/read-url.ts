import type { BundleEntry } from 'fhir/r4'
import { CodedError } from '../../protocol/error-codes'
import { capabilityStatement } from './capability-statement'
import { everything, readDocument, search } from './reads'
import { resourceOf } from './resource-form'
import type { SearchTools } from './search'

type EntryResource = NonNullable<BundleEntry['resource']>

/** What a GET in a bundle asks for: `Patient/<MRN>`, `Observation?patient=…`, `Patient/<MRN>/$everything`, `metadata`. */
export async function readUrlOf(
  deps: SearchTools & { version: string; now: () => Date },
  baseUrl: string,
  url: string,
): Promise<EntryResource> {
  const [path = '', query = ''] = url.split('?')
  const parameters = [...new URLSearchParams(query)]
  const [type = '', id, operation, ...more] = path.split('/')
  if (type === 'metadata') return capabilityStatement(baseUrl, deps.version, deps.now())
  if (id === undefined) return search(deps, baseUrl, type, parameters)
  if (operation === undefined) return resourceOf(await readDocument(deps, type, id)) as EntryResource
  if (type === 'Patient' && operation === '$everything' && more.length === 0) {
    return everything(deps, baseUrl, id, parameters)
  }
  throw new CodedError('NOT_FOUND', 'There is nothing under this address.')
}
