import { isSent } from '../../protocol/push-rules'
import type { CouchDocument } from '../couch'

/** The replication filter `own/own`, with the query parameter `externalId`. Without it nothing is sent. */
export function own(doc: CouchDocument, request: { readonly query: Readonly<Record<string, unknown>> }): boolean {
  // Query parameters arrive as text, except where a server takes digits for a number: then `101` is one.
  return isSent(String(request.query['externalId'] || ''), doc)
}
