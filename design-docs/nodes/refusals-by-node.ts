import type { CouchDocument } from '../couch'

declare function emit(key: string, value: null): void

/** What the gate refused, by the node that sent it; counted by the view's reduce. */
export function refusalsByNode(doc: CouchDocument): void {
  const { kind, nodeName } = doc
  if (kind === 'refusal' && typeof nodeName === 'string') emit(nodeName, null)
}
