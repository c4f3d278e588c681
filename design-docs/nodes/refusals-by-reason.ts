import type { CouchDocument } from '../couch'

declare function emit(key: string[], value: null): void

/** What the gate refused, by why: [reason, node, document]; counted by the view's reduce. */
export function refusalsByReason(doc: CouchDocument): void {
  const { kind, reason, nodeName, docId } = doc
  const key = [reason, nodeName, docId]
  if (kind === 'refusal' && key.every((part) => typeof part === 'string')) emit(key as string[], null)
}
