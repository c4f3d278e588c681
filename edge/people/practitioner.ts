import type { Practitioner } from 'fhir/r4'
import type { KeptPerson } from '../../schemas/generated/types'

/** What an account is called in records; with the facility's external ID, so that two facilities' are not one. */
const SYSTEM = 'https://lontar.health/person'

/** How a person stands in the facility's records: named there as whoever wrote something. */
export function practitionerOf({ name, fullName }: KeptPerson, externalId: string): Practitioner {
  return {
    resourceType: 'Practitioner',
    active: true,
    identifier: [{ system: SYSTEM, value: `${externalId}/${name}` }],
    name: [{ text: fullName }],
  }
}
