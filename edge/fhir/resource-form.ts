import type { Coding, Meta, Resource } from 'fhir/r4'
import { documentIdOf, type Place, resourceIdOf } from '../../protocol/ids'
import { IMPORTED_FROM } from '../../protocol/import-bundle'
import type { RecordDocument } from '../../schemas/generated/types'
import type { StoredDocument } from '../store/ehr'

export type KnownResource = Resource & { id: string }

/** The document that keeps a resource. What the server says about it (version, time, our tag) is not kept inside. */
export function documentOf(
  place: Place,
  resource: Resource,
  facility: string,
  recordedAt: Date,
  more: Partial<Pick<RecordDocument, 'localOnly' | 'sourceId'>> = {},
): RecordDocument {
  return {
    _id: documentIdOf(place),
    type: place.type,
    ...(place.partition === facility ? {} : { mrn: place.partition }),
    facility,
    recordedAt: recordedAt.toISOString(),
    ...more,
    resource: withMeta({ ...resource, id: resourceIdOf(place) }, keptMeta(resource.meta)),
  }
}

/** The resource as a client sees it. */
export function resourceOf({ _rev, recordedAt, imported, resource }: StoredDocument): KnownResource {
  const kept = resource.meta ?? {}
  const copyTag: Coding[] = imported
    ? [
        {
          system: IMPORTED_FROM,
          code: imported.facility,
          display: `Read-only copy, imported ${imported.importedAt} from hub ${imported.hubId}`,
        },
      ]
    : []
  const tag = [...(kept.tag ?? []), ...copyTag]
  return withMeta(resource, {
    ...kept,
    versionId: _rev,
    lastUpdated: recordedAt,
    ...(tag.length > 0 ? { tag } : {}),
  })
}

/** In FHIR's order: `meta` behind `id`. */
function withMeta(resource: KnownResource, meta: Meta | undefined): KnownResource {
  const { resourceType, id, meta: _, ...rest } = resource
  return { resourceType, id, ...(meta ? { meta } : {}), ...rest }
}

function keptMeta(meta: Meta | undefined): Meta | undefined {
  if (!meta) return undefined
  const { versionId, _versionId, lastUpdated, _lastUpdated, tag, ...kept } = meta
  const ownTags = (tag ?? []).filter((coding) => coding.system !== IMPORTED_FROM)
  const all: Meta = ownTags.length > 0 ? { ...kept, tag: ownTags } : kept
  return Object.keys(all).length > 0 ? all : undefined
}
