import type { Patient } from 'fhir/r4'

/** As people are called: the official name, else the first. */
export function nameOf({ name = [] }: Pick<Patient, 'name'>): string {
  const chosen = name.find(({ use }) => use === 'official') ?? name[0]
  if (!chosen) return '–'
  return chosen.text ?? [...(chosen.given ?? []), chosen.family].filter(Boolean).join(' ')
}
