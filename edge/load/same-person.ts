import type { Patient } from 'fhir/r4'
import { wordsOf } from '../store/patient-terms'

/**
 * Whether two Patients that come from the same id can be the same person. Two systems may both call somebody `Patient/1`,
 * and putting one's record into the other's would be worse than refusing: one identifier in common settles it, else the
 * date of birth and the family name must not speak against it.
 */
export function maybeSamePerson(a: Patient, b: Patient): boolean {
  const [here, there] = [identifiersOf(a), identifiersOf(b)]
  if ([...here].some((identifier) => there.has(identifier))) return true
  if (a.birthDate !== undefined && b.birthDate !== undefined && a.birthDate !== b.birthDate) return false
  const [families, others] = [familiesOf(a), familiesOf(b)]
  return families.size === 0 || others.size === 0 || [...families].some((family) => others.has(family))
}

function identifiersOf({ identifier = [] }: Patient): Set<string> {
  return new Set(identifier.flatMap(({ system, value }) => (value === undefined ? [] : [`${system ?? ''}|${value}`])))
}

function familiesOf({ name = [] }: Patient): Set<string> {
  return new Set(wordsOf(name.map(({ family }) => family)))
}
