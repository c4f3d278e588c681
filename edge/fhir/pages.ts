import type { StoredDocument } from '../store/ehr'

export interface Page {
  documents: StoredDocument[]
  /** Where the next page begins; undefined on the last one. */
  next?: string
}

/** One page from what was found, in its order. `at` is the position right behind a document. */
export async function pagedBy(
  { count }: { count: number },
  found: AsyncIterable<{ document: StoredDocument; at: string }> | Iterable<{ document: StoredDocument; at: string }>,
): Promise<Page> {
  const documents: StoredDocument[] = []
  let next = ''
  for await (const { document, at } of found) {
    if (documents.length === count) return { documents, next }
    documents.push(document)
    next = at
  }
  return { documents }
}
