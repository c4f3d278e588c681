/**
 * Where a resource lives, read from its id alone.
 *
 * |                | Patient                  | anything else                        |
 * | -------------- | ------------------------ | ------------------------------------ |
 * | FHIR `id`      | `<MRN>`                  | `<partition>.<local>`                |
 * | document `_id` | `<MRN>:Patient`          | `<partition>:<ResourceType>:<local>` |
 *
 * The partition is the MRN for what belongs to a patient and the external ID for what belongs to the facility.
 */
export interface Place {
  partition: string
  type: string
  /** Undefined for a Patient: there is one in a partition. */
  local?: string
}

/** FHIR R4, datatype `id`. */
const FHIR_ID = /^[A-Za-z0-9\-.]{1,64}$/
const TYPE = /^[A-Z][A-Za-z]{1,63}$/
const PARTITION = /^[A-Z0-9]{2,20}$/

export function documentIdOf(place: Place): string {
  return place.local === undefined
    ? `${place.partition}:${place.type}`
    : `${place.partition}:${place.type}:${place.local}`
}

export function resourceIdOf(place: Place): string {
  return place.local === undefined ? place.partition : `${place.partition}.${place.local}`
}

/** The place that a document's `_id` names; undefined where it is not of the form above. */
export function placeOfDocument(id: string): Place | undefined {
  const [partition = '', type = '', local, ...more] = id.split(':')
  if (more.length > 0) return undefined
  return checked(type === 'Patient' ? local === undefined : local !== undefined, partition, type, local)
}

/** The place of the resource `<type>/<id>`; undefined where the id is not of the form above. */
export function placeOfResource(type: string, id: string): Place | undefined {
  const dot = id.indexOf('.')
  if (type === 'Patient') return checked(dot === -1, id, type)
  return checked(dot > 0, id.slice(0, dot), type, id.slice(dot + 1))
}

function checked(shape: boolean, partition: string, type: string, local?: string): Place | undefined {
  if (!shape || !PARTITION.test(partition) || !TYPE.test(type)) return undefined
  if (local === undefined) return { partition, type }
  return FHIR_ID.test(local) && `${partition}.${local}`.length <= 64 ? { partition, type, local } : undefined
}
