import type { CapabilityStatement } from 'fhir/r4'
import { FACILITY_TYPES, PATIENT_BOUND_TYPES } from '../../schemas/fhir/resource-types'
import { INTERACTIONS } from './interactions'
import { searchParametersOf } from './search-parameters'

/** What this server does, from the tables that it does it by. */
export function capabilityStatement(baseUrl: string, version: string, date: Date): CapabilityStatement {
  const interaction = INTERACTIONS.flatMap((one) => ('code' in one ? [{ code: one.code }] : []))
  const types = [...new Set([...PATIENT_BOUND_TYPES, ...FACILITY_TYPES])].sort()
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: date.toISOString(),
    kind: 'instance',
    software: { name: 'Lontar edge', version },
    implementation: { description: 'The records of one facility', url: baseUrl },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    rest: [
      {
        mode: 'server',
        interaction: [{ code: 'transaction' }, { code: 'batch' }],
        resource: types.map((type) => ({
          type,
          interaction,
          versioning: 'versioned',
          readHistory: true,
          updateCreate: true,
          conditionalCreate: true,
          searchParam: [{ name: '_id', type: 'token' as const }, ...searchParametersOf(type)],
          ...(type === 'Patient'
            ? {
                // R4 has no element for what can be sorted by.
                documentation: '`_sort=-_lastUpdated` and `_sort=_lastUpdated` order patients by their last change.',
                operation: [
                  { name: 'everything', definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything' },
                ],
              }
            : {}),
        })),
      },
    ],
  }
}
