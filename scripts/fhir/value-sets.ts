import type { CodeSystemConcept, ValueSetComposeInclude } from 'fhir/r4'
import type { Terminology } from './definitions'

/** The codes of a value set, by code system. */
export type Expansion = Map<string, string[]>

/**
 * The codes of a value set; undefined where the definitions do not list them: currencies, media types and units, whose
 * code systems are kept elsewhere. No value set with a required binding filters or excludes, so neither is done here.
 */
export function expanded(url: string, terms: Terminology): Expansion | undefined {
  const compose = terms.valueSets.get(url.split('|')[0] ?? '')?.compose
  if (!compose || compose.exclude) return undefined
  const codes: Expansion = new Map()
  for (const include of compose.include) {
    const parts = expandedPart(include, terms)
    if (!parts) return undefined
    for (const [system, more] of parts) codes.set(system, [...(codes.get(system) ?? []), ...more])
  }
  return codes
}

function expandedPart(include: ValueSetComposeInclude, terms: Terminology): Expansion | undefined {
  const { system, concept, filter, valueSet } = include
  if (filter) return undefined
  if (!system) {
    const [only] = valueSet ?? []
    return only && valueSet?.length === 1 ? expanded(only, terms) : undefined
  }
  if (concept) return new Map([[system, concept.map(({ code }) => code)]])
  const codeSystem = terms.codeSystems.get(system)
  return codeSystem?.content === 'complete' ? new Map([[system, codesIn(codeSystem.concept)]]) : undefined
}

function codesIn(concepts: CodeSystemConcept[] = []): string[] {
  return concepts.flatMap(({ code, concept }) => [code, ...codesIn(concept)])
}
