import { type SearchTools, searchDocuments, searchRequestOf } from '../../edge/fhir/search'

export type NameSearch = (text: string, count: number) => Promise<unknown>

/** `GET /fhir/Patient?name=…` without HTTP, as the other one is measured. */
export function findByName(tools: SearchTools): NameSearch {
  return (text, count) =>
    searchDocuments(
      'Patient',
      searchRequestOf('Patient', [
        ['name', text],
        ['_count', String(count)],
      ]),
      tools,
    )
}
