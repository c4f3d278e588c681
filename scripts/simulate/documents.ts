import { createHash } from 'node:crypto'
import { documentIdOf, resourceIdOf } from '../../protocol/ids'
import { mrnOf } from '../../protocol/mrn'
import { madeUpRecord } from '../made-up/records'
import type { PlannedFacility } from './plan'

/** A first revision with its history, as a replicator sends it. */
export interface PushedDocument {
  readonly _id: string
  readonly _rev: string
}

/**
 * Patient number `counter` (1, 2, …) of a facility as documents, in the same words for the same seed: what an edge would have made
 * of the bundle that a visit is written as.
 */
export function patientDocuments(externalId: string, counter: number, seed: number, today: Date): PushedDocument[] {
  const mrn = mrnOf(externalId, counter)
  const index = Number.parseInt(createHash('sha256').update(`${externalId} ${counter}`).digest('hex').slice(0, 8), 16)
  const { entry = [] } = madeUpRecord(seed, index, today)
  const places = entry.flatMap(({ resource }) => {
    if (!resource) return []
    const { resourceType: type, id = '' } = resource
    const local = type === 'Patient' ? {} : { local: id.replaceAll('-', '').slice(0, 26) }
    return [{ resource, uuid: id, place: { partition: mrn, type, ...local } }]
  })
  const references = new Map(
    places.map(({ uuid, place }) => [`"urn:uuid:${uuid}"`, `"${place.type}/${resourceIdOf(place)}"`]),
  )
  return places.map(({ resource, place }) => {
    const text = JSON.stringify({ ...resource, id: resourceIdOf(place) })
    const document = {
      _id: documentIdOf(place),
      type: place.type,
      mrn,
      facility: externalId,
      recordedAt: today.toISOString(),
      resource: JSON.parse(text.replace(/"urn:uuid:[^"]*"/g, (found) => references.get(found) ?? found)) as object,
    }
    return withRevision(document)
  })
}

/** It does not change, so neither does its revision: a second start sends the same again. */
const BEGUN_AT = '2026-01-05T00:00:00.000Z'

/** Who the facility is and in which district, which public health goes by. */
export function organizationDocument({ externalId, name, group }: PlannedFacility): PushedDocument {
  return withRevision({
    _id: documentIdOf({ partition: externalId, type: 'Organization', local: 'itself' }),
    type: 'Organization',
    facility: externalId,
    recordedAt: BEGUN_AT,
    resource: {
      resourceType: 'Organization',
      id: resourceIdOf({ partition: externalId, type: 'Organization', local: 'itself' }),
      identifier: [{ system: 'https://lontar.health/external-id', value: externalId }],
      name,
      address: [{ district: group }],
    },
  })
}

/** What the gate refuses, in three ways: another's document, one that says another type than its id, one without a facility. */
export function refusableDocuments(externalId: string, others: string, today: Date): PushedDocument[] {
  const envelope = { type: 'Location', facility: externalId, recordedAt: today.toISOString() }
  const location = (id: string) => ({ resourceType: 'Location', id, name: 'Poli umum' })
  return [
    { ...envelope, _id: `${others}:Location:simulated`, resource: location(`${others}.simulated`) },
    {
      ...envelope,
      _id: `${externalId}:Location:typed`,
      type: 'Practitioner',
      resource: location(`${externalId}.typed`),
    },
    { _id: `${externalId}:Location:bare`, type: 'Location', resource: location(`${externalId}.bare`) },
  ].map(withRevision)
}

function withRevision<T extends { _id: string }>(document: T): T & PushedDocument & { _revisions: object } {
  const hash = createHash('md5').update(JSON.stringify(document)).digest('hex')
  return { ...document, _rev: `1-${hash}`, _revisions: { start: 1, ids: [hash] } }
}
