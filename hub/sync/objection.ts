import { placeOfDocument } from '../../protocol/ids'
import { owns } from '../../protocol/owns'

/** CouchDB's own members of a document that a push may carry (https://docs.couchdb.org/en/stable/api/document/common.html). */
const MEMBERS = new Set(['_id', '_rev', '_deleted', '_revisions', '_attachments'])

/**
 * Why a document does not get past the gate; undefined where it does.
 *
 * Law 1 is the first reason. The others are what CouchDB refuses a whole request for, in a partitioned database: one such
 * document would hold up all that came with it (law 4). No reason repeats what was sent: people read it.
 */
export function objectionTo(externalId: string, document: { _id: string }): string | undefined {
  if (!owns(externalId, document._id)) return 'Law 1: a facility writes only under its own prefix.'
  if (placeOfDocument(document._id) === undefined)
    return 'The _id is not of the form <partition>:<ResourceType>:<local>.'
  const isKnown = (name: string) => !name.startsWith('_') || MEMBERS.has(name)
  return Object.keys(document).every(isKnown)
    ? undefined
    : 'The document has a member of CouchDB’s own that it may not have.'
}
