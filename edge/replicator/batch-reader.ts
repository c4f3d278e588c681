import { isSent } from '../../protocol/push-rules'

/** A document with the leaf revisions that go up, each as JSON text with its history (`_revisions`). */
export interface OutgoingDocument {
  id: string
  revs: string[]
  texts: string[]
}

export interface Batch {
  /** With the sequence of their last change. */
  documents: (OutgoingDocument & { seq: number })[]
  /** Everything up to here is in the batch, or stays at the facility. */
  lastSeq: number
}

/** What a batch may hold. */
export interface Most {
  bytes: number
  documents: number
}

/** A document that is read alone is read at most this many at a time from the changes feed. */
const PAGE_DOCUMENTS = 100

/**
 * The next documents after `since` that leave the facility (R1), as many as `most` allows; one that is larger than the
 * limit goes alone (R4).
 */
export function readBatch(database: PouchDB.Database, externalId: string, since: number, most: Most): Promise<Batch> {
  return readOn(database, externalId, { documents: [], lastSeq: since }, most)
}

/** A batch that was begun, and as many of the documents that follow as `most` allows. */
export async function readOn(database: PouchDB.Database, externalId: string, begun: Batch, most: Most): Promise<Batch> {
  const batch: Batch = { documents: [...begun.documents], lastSeq: begun.lastSeq }
  let bytes = bytesOf(batch)
  const isFull = () => batch.documents.length > 0 && (bytes >= most.bytes || batch.documents.length >= most.documents)
  while (!isFull()) {
    const page = await database.changes({
      since: batch.lastSeq,
      limit: PAGE_DOCUMENTS,
      include_docs: true,
      style: 'all_docs',
    })
    for (const row of page.results) {
      const seq = Number(row.seq)
      if (row.doc && isSent(externalId, row.doc)) {
        const outgoing = await outgoingOf(
          database,
          externalId,
          row.doc,
          row.changes.map((change) => change.rev),
        )
        const size = sizeOf(outgoing)
        const isOver = bytes + size > most.bytes || batch.documents.length >= most.documents
        if (isOver && batch.documents.length > 0) return batch
        batch.documents.push({ ...outgoing, seq })
        bytes += size
      }
      batch.lastSeq = seq
    }
    if (page.results.length < PAGE_DOCUMENTS) break
  }
  return batch
}

/** As many of its documents as `most` allows, one at least, and those that are left. */
export function cut(batch: Batch, most: Most): [Batch, Batch] {
  let bytes = 0
  const end = batch.documents.findIndex((document, index) => {
    bytes += sizeOf(document)
    return index > 0 && (bytes > most.bytes || index >= most.documents)
  })
  if (end < 0) return [batch, { documents: [], lastSeq: batch.lastSeq }]
  const documents = batch.documents.slice(0, end)
  const lastSeq = documents.at(-1)?.seq ?? batch.lastSeq
  return [
    { documents, lastSeq },
    { documents: batch.documents.slice(end), lastSeq: batch.lastSeq },
  ]
}

/** `attachments` brings them inline; the type of PouchDB's option does not know it beside `open_revs`. */
const OPEN_LEAVES: PouchDB.Core.GetOpenRevisions & { attachments: true } = {
  open_revs: 'all',
  revs: true,
  attachments: true,
}

/** The leaf revisions of one document that leave the facility (R1), as they are now; empty where there are none. */
export async function readDocument(
  database: PouchDB.Database,
  externalId: string,
  id: string,
): Promise<OutgoingDocument> {
  const leaves = await database.get(id, OPEN_LEAVES)
  const found = leaves.flatMap((leaf) => ('ok' in leaf && isSent(externalId, leaf.ok) ? [leaf.ok] : []))
  return { id, revs: found.map((leaf) => leaf._rev), texts: found.map((leaf) => JSON.stringify(leaf)) }
}

function bytesOf({ documents }: Batch): number {
  return documents.reduce((sum, document) => sum + sizeOf(document), 0)
}

/** As JSON, before compression. */
export function sizeOf({ texts }: OutgoingDocument): number {
  return texts.reduce((sum, text) => sum + text.length, 0)
}

async function outgoingOf(
  database: PouchDB.Database,
  externalId: string,
  doc: PouchDB.Core.ExistingDocument<object>,
  revs: string[],
): Promise<OutgoingDocument> {
  const [rev = ''] = revs
  // A first revision without attachments is whole already: its history is itself. That is nearly every record.
  if (revs.length === 1 && rev.startsWith('1-') && !('_attachments' in doc)) {
    return { id: doc._id, revs, texts: [JSON.stringify({ ...doc, _revisions: { start: 1, ids: [rev.slice(2)] } })] }
  }
  return readDocument(database, externalId, doc._id)
}
