import { codedErrorOf } from '../../protocol/coded-error-of'
import { CodedError } from '../../protocol/error-codes'
import { FHIR_JSON } from '../../protocol/import-bundle'
import { operationOutcomeOf } from '../../protocol/operation-outcome'
import type { Refusal } from '../../runtime/http-server'
import { ElementError } from './element-error'

/**
 * The answer under /fhir to whatever a handler threw: an OperationOutcome (design.md, section 7).
 *
 * @param faultId  stands in the answer to a fault of ours, and in the log beside it
 */
export function fhirRefusal(error: unknown, faultId: string): Refusal {
  const coded = codedErrorOf(error)
  if (coded) {
    const problems = coded instanceof ElementError ? coded.problems : []
    return { status: coded.status, body: operationOutcomeOf(coded, problems), contentType: FHIR_JSON }
  }
  const internal = new CodedError('INTERNAL', `A fault of ours; it is ${faultId} in the log.`)
  return { status: internal.status, body: operationOutcomeOf(internal), contentType: FHIR_JSON, fault: error }
}
