import type { RecordDocument } from '../../schemas/generated/types'

/** A small valid record of a facility, as an edge would write it. */
export function location(externalId: string, local: string, name = `Room ${local}`): RecordDocument {
  return {
    _id: `${externalId}:Location:${local}`,
    type: 'Location',
    facility: externalId,
    recordedAt: '2026-01-15T00:00:00.000Z',
    resource: { resourceType: 'Location', id: `${externalId}.${local}`, name } as RecordDocument['resource'],
  }
}

/** The same as a first revision with its history, as a replicator sends it. */
export function firstRevision<T extends object>(document: T, hash: string): T & { _rev: string; _revisions: object } {
  return { ...document, _rev: `1-${hash}`, _revisions: { start: 1, ids: [hash] } }
}
