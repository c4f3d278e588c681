import { type AcceptedType, PATIENT_BOUND_TYPES, SEARCH_ELEMENTS } from '../generated/search-elements'
import { FACILITY_TYPES } from './facility-types'
import type { SearchElements } from './search-elements'

/** All types of R4's patient compartment, Patient itself among them. */
export { type AcceptedType, FACILITY_TYPES, PATIENT_BOUND_TYPES }

/** Whether resources of this type are kept: a patient's or the facility's. */
export function isAcceptedType(type: string): type is AcceptedType {
  return Object.hasOwn(SEARCH_ELEMENTS, type)
}

export function isFacilityType(type: AcceptedType): type is (typeof FACILITY_TYPES)[number] {
  return FACILITY_TYPES.some((own) => own === type)
}

/** Where a resource of this type has its patient, its date and its code. */
export function searchElementsOf(type: AcceptedType): SearchElements {
  return SEARCH_ELEMENTS[type]
}
