import type { Coding } from './fhir-json'

/** HL7 v3 Confidentiality, from open to closed. What carries no label is N, normal. */
const LEVELS: readonly (string | undefined)[] = ['U', 'L', 'M', 'N', 'R', 'V']
const NORMAL = LEVELS.indexOf('N')
const MOST = LEVELS.length - 1

export const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality'
const SYSTEMS: ReadonlySet<string> = new Set([
  CONFIDENTIALITY,
  'http://hl7.org/fhir/v3/Confidentiality',
  'urn:oid:2.16.840.1.113883.5.25',
])

/**
 * How confidential a label is; undefined where it is no label of this kind. A code that the system does not have is the
 * highest: somebody meant something by it. So is R or V without a system.
 */
export function levelOf({ system, code }: Coding): number | undefined {
  const level = LEVELS.indexOf(code)
  if (system === undefined) return level > NORMAL ? level : undefined
  if (!SYSTEMS.has(system)) return undefined
  return level === -1 ? MOST : level
}

/** The highest label counts; without any it is normal. */
export function levelAmong(labels: readonly Coding[]): number {
  const levels = labels.flatMap((label) => levelOf(label) ?? [])
  return levels.length === 0 ? NORMAL : Math.max(...levels)
}

/** R and V: given out only to whom a permit names, or by a permit that names the label. */
export function isRestricted(level: number): boolean {
  return level > NORMAL
}
