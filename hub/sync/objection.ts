import { placeOfDocument } from '../../protocol/ids'
import { owns } from '../../protocol/owns'

/** CouchDB's own members of a document that a push may carry (https://docs.couchdb.org/en/stable/api/document/common.html). */
const MEMBERS = new Set(['_id', '_rev', '_deleted', '_revisions', '_attachments'])

/** CouchDB's and PouchDB's own are 32 hex digits; what is no word breaks the addresses that it is asked about with. */
const REVISION_HASH = /^[0-9A-Za-z]{1,64}$/

/**
 * Why a document does not get past the gate; undefined where it does.
 *
 * Law 1 is the first reason. The others are what CouchDB refuses a whole request for, in a partitioned database: one such
 * document would hold up all that came with it (law 4). No reason repeats what was sent: people read it.
 */
export function objectionTo(
  externalId: string,
  document: { _id: string; _revisions?: { ids: readonly string[] }; _attachments?: unknown },
): string | undefined {
  if (!owns(externalId, document._id)) return 'Law 1: a facility writes only under its own prefix.'
  if (placeOfDocument(document._id) === undefined)
    return 'The _id is not of the form <partition>:<ResourceType>:<local>.'
  const isKnown = (name: string) => !name.startsWith('_') || MEMBERS.has(name)
  if (!Object.keys(document).every(isKnown)) return 'The document has a member of CouchDB’s own that it may not have.'
  if (!(document._revisions?.ids ?? []).every((id) => REVISION_HASH.test(id)))
    return 'A revision of the document is none.'
  return areWhole(document._attachments) ? undefined : 'An attachment does not come with its type and data.'
}

/** CouchDB answers a stub that it can't resolve, or data that should follow, with 500 for the whole request. */
function areWhole(attachments: unknown): boolean {
  if (attachments === undefined) return true
  return isObject(attachments) && Object.values(attachments).every((one) => isObject(one) && isWhole(one))
}

function isWhole({ content_type: type, data, stub, follows }: Record<string, unknown>): boolean {
  const hasType = typeof type === 'string' && type !== ''
  return hasType && typeof data === 'string' && stub === undefined && follows === undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
