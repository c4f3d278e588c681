/**
 * Extension on the Patient entries of an import's Bundle: the external ID of the facility that owns the record. An MRN
 * alone does not say it, because its number has seven digits or eight.
 */
export const FACILITY_EXTENSION = 'https://lontar.health/fhir/StructureDefinition/facility'

/** Tag of a read-only copy at an edge; its code is the external ID of the facility that owns the record. */
export const IMPORTED_FROM = 'https://lontar.health/fhir/CodeSystem/imported-from'

export const FHIR_JSON = 'application/fhir+json; charset=utf-8'
