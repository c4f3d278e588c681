import { documentIdOf, resourceIdOf } from '../../../protocol/ids'
import { mrnOf } from '../../../protocol/mrn'

let count = 0

/** A document of `ehr` with an id of its own; an Organization or a Location belongs to the facility, all else to a patient. */
export function documentOf<E extends object>(facility: string, type: string, elements: E) {
  count += 1
  const isFacilitys = type === 'Organization' || type === 'Location'
  const mrn = isFacilitys ? undefined : mrnOf(facility, type === 'Patient' ? count : 1)
  const partition = mrn ?? facility
  const place = type === 'Patient' ? { partition, type } : { partition, type, local: `t${count}` }
  return {
    _id: documentIdOf(place),
    type,
    ...(mrn !== undefined && { mrn }),
    facility,
    recordedAt: '2026-11-22T07:41:03.120Z',
    resource: { ...elements, resourceType: type, id: resourceIdOf(place) },
  }
}
