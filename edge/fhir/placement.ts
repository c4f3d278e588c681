import type { Resource } from 'fhir/r4'
import { CodedError } from '../../protocol/error-codes'
import { type Place, placeOfResource } from '../../protocol/ids'
import { isMrn } from '../../protocol/mrn'
import { owns } from '../../protocol/owns'
import {
  type AcceptedType,
  FACILITY_TYPES,
  isAcceptedType,
  isFacilityType,
  searchElementsOf,
} from '../../schemas/fhir/resource-types'
import { ElementError } from './element-error'
import { valuesAt } from './elements'

const PATIENT_REFERENCE = /^Patient\/([A-Za-z0-9\-.]{1,64})$/

/** Throws RESOURCE_TYPE_UNSUPPORTED. */
export function acceptedType(type: string): AcceptedType {
  if (!isAcceptedType(type))
    throw new CodedError('RESOURCE_TYPE_UNSUPPORTED', 'Resources of this type are not kept here.')
  return type
}

/**
 * Where a resource with this id may be written by the facility. Throws READ_ONLY_COPY for another's (law 1), and
 * INVALID_REQUEST for an id that says nothing or the wrong place.
 */
export function ownPlace(externalId: string, type: AcceptedType, id: string): Place {
  const place = placeOfResource(type, id)
  if (!place) throw new CodedError('INVALID_REQUEST', formOf(type))
  if (!owns(externalId, place.partition)) throw readOnlyCopy()
  const isFacilitys = place.partition === externalId
  if (isFacilitys !== isFacilityType(type)) throw new CodedError('INVALID_REQUEST', formOf(type))
  return place
}

/**
 * The partition a new resource belongs into: the facility's, or that of the patient it points to. Not for Patients.
 * Throws PATIENT_REFERENCE_INVALID, or READ_ONLY_COPY for another facility's patient.
 */
export function partitionFor(externalId: string, type: AcceptedType, resource: Resource): string {
  if (isFacilityType(type)) return externalId
  const { patients, path } = patientsOf(type, resource)
  const [mrn, ...others] = patients
  if (mrn === undefined) throw patientReferenceInvalid(`${type}.${path}`, 'must point to a patient: Patient/<MRN>')
  if (others.length > 0) throw patientReferenceInvalid(`${type}.${path}`, 'must point to one patient only')
  if (!isMrn(mrn)) throw patientReferenceInvalid(`${type}.${path}`, 'must be the MRN of a patient: Patient/<MRN>')
  if (!owns(externalId, mrn)) throw readOnlyCopy()
  return mrn
}

/** The ids of patients that a resource points to as its own, each once; before and after references were rewritten. */
function patientsOf(type: AcceptedType, resource: Resource): { patients: string[]; path: string } {
  const { patient, compartment } = searchElementsOf(type)
  // Some types tell their patient only by who took part (a Communication's recipient).
  for (const elements of [patient, compartment]) {
    const patients = elements.flatMap(({ path }) =>
      valuesAt(resource, `${path}.reference`).flatMap(
        (reference) => PATIENT_REFERENCE.exec(String(reference))?.[1] ?? [],
      ),
    )
    if (patients.length > 0) return { patients: [...new Set(patients)], path: patient[0]?.path ?? 'subject' }
  }
  return { patients: [], path: patient[0]?.path ?? 'subject' }
}

export function patientReferenceInvalid(expression: string, diagnostics: string): ElementError {
  return new ElementError('PATIENT_REFERENCE_INVALID', "The resource's patient reference is missing or not valid.", [
    { expression, diagnostics },
  ])
}

export function patientExpression(type: AcceptedType): string {
  return `${type}.${searchElementsOf(type).patient[0]?.path ?? 'subject'}`
}

export function isPatientBound(type: AcceptedType): boolean {
  return type !== 'Patient' && !FACILITY_TYPES.some((own) => own === type)
}

function readOnlyCopy(): CodedError {
  return new CodedError('READ_ONLY_COPY', "This is another facility's record; it can be changed only there.")
}

function formOf(type: AcceptedType): string {
  if (type === 'Patient') return "A Patient's id is its MRN."
  return isFacilityType(type)
    ? "The id of the facility's own resource is <external ID>.<local id>."
    : "The id of a patient's resource is <MRN>.<local id>."
}
