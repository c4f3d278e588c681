import type { Budget, ConfigurationRequest, Lanes } from '../../../schemas/generated/types'
import { limitsOf } from './budget-words'

type Sync = ConfigurationRequest['sync']
type UrgentType = Lanes['urgent'][number]

/** Those that an edge has a rule for (schemas/messages/lanes.json). */
export const URGENT_TYPES = [
  'AllergyIntolerance',
  'CarePlan',
  'Condition',
  'DiagnosticReport',
  'Encounter',
  'Immunization',
  'MedicationAdministration',
  'MedicationRequest',
  'MedicationStatement',
  'Observation',
  'Patient',
  'Procedure',
  'ServiceRequest',
] as const satisfies readonly UrgentType[]

/** What is typed in the form, as the hub takes it. */
export function configurationOf(form: { budget: Budget; urgent: readonly string[] }): Sync {
  const { budget, urgent } = form
  const first = URGENT_TYPES.filter((type) => urgent.includes(type))
  return {
    ...(Object.keys(budget).length > 0 && { budget }),
    ...(first.length > 0 && { lanes: { urgent: first } }),
  }
}

/** A configuration in a few words each; empty where nothing is said. */
export function rulesOf(
  { budget, lanes }: Sync,
  language: string,
  t: (key: string, values?: Record<string, string>) => string,
): string[] {
  const names = (types: readonly string[]) => types.map((type) => t(`facilities.type.${type}`)).join(', ')
  return [
    ...limitsOf(budget, language, t),
    ...(lanes ? [t('facilities.configuration.first', { types: names(lanes.urgent) })] : []),
  ]
}
