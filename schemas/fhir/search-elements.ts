/**
 * An element that a search parameter looks at: names of JSON properties from the resource on, joined by dots. A property
 * that holds an array stands for each of its items.
 */
export interface SearchElement {
  /** `effectiveDateTime`, or `participant.actor` */
  path: string
  /** The FHIR type of what is found there: `dateTime`, `Period`, `CodeableConcept`, `Reference`, … */
  type: string
}

/** By R4's search parameters and its patient compartment; empty where FHIR defines none. */
export interface SearchElements {
  /** By which the resource points to its patient, the most telling first; empty for a Patient and facilities' types. */
  patient: readonly SearchElement[]
  /** All that put it into a patient's compartment, also as performer, author and the like. */
  compartment: readonly SearchElement[]
  date: readonly SearchElement[]
  code: readonly SearchElement[]
}
