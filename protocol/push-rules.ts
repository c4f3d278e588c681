import { owns } from './owns'

/** The parts of a document that decide whether it leaves the facility. */
export interface SentDocument {
  _id: string
  localOnly?: unknown
  imported?: unknown
}

/**
 * Whether a document of the edge's `ehr` goes up to the hub: the facility's own (law 1), neither kept back on purpose nor
 * brought in from elsewhere. A tombstone has only its `_id`, and goes. ES2015 and self-contained but for `owns`: the
 * design documents carry it too, as the filter for a stock replicator.
 */
export function isSent(externalId: string, doc: SentDocument): boolean {
  return owns(externalId, doc._id) && doc.localOnly !== true && doc.imported === undefined
}
