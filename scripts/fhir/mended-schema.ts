import type { ElementDefinition, StructureDefinition } from 'fhir/r4'
import { type JsonSchema, officialDefinitions, structures, type Terminology, terminology } from './definitions'
import { PRIMITIVES } from './primitives'
import type { ElementRules } from './rules'
import { expanded } from './value-sets'

const REF = '#/definitions/'

/**
 * The official JSON Schema of FHIR R4, made as strict as the specification: its objects may be anything but objects, its
 * dates any day, its numbers any number, codes with a required binding are often free, elements that must be there may be
 * missing when they are primitive, and a choice (`value[x]`) may be made twice.
 */
export function mendedDefinitions(): Record<string, JsonSchema> {
  const types = structures()
  const terms = terminology()
  const definitions = officialDefinitions()
  Object.assign(definitions, PRIMITIVES)
  for (const definition of Object.values(definitions)) mendObject(definition)
  const done = new Set<JsonSchema>()
  for (const structure of types.values()) mendByStructure(structure, definitions, terms, done)
  return definitions
}

/** A resource inside another one is validated by its own type, by who calls the validator. */
const ANY_RESOURCE: JsonSchema = { type: 'object', required: ['resourceType'] }

function mendObject(definition: JsonSchema): void {
  const { properties } = definition
  delete definition['description']
  if (!properties) return
  definition['type'] = 'object'
  // FHIR has no empty objects; a resource has its type at least
  definition['minProperties'] = 1
  for (const [name, property] of Object.entries(properties)) {
    const { description: _description, ...rest } = property
    if ([rest.$ref, rest.items?.$ref].some((ref) => ref === `${REF}ResourceList` || ref === `${REF}Resource`)) {
      properties[name] = rest.items ? { type: 'array', minItems: 1, items: ANY_RESOURCE } : ANY_RESOURCE
    } else if (rest.items && name.startsWith('_')) {
      properties[name] = {
        type: 'array',
        minItems: 1,
        items: { type: ['object', 'null'], ...when({ type: 'object' }, rest.items) },
      }
    } else {
      properties[name] = rest.items ? { ...rest, minItems: 1 } : rest
    }
  }
}

function mendByStructure(
  structure: StructureDefinition,
  definitions: Record<string, JsonSchema>,
  terms: Terminology,
  done: Set<JsonSchema>,
): void {
  const objects = new Map<JsonSchema, ElementDefinition[]>()
  for (const element of structure.snapshot?.element ?? []) {
    const parent = objectAt(element.path.split('.').slice(0, -1), definitions)
    // the first structure to reach a shared object describes it, and slices of extensions describe nothing
    if (!parent || element.sliceName || (done.has(parent) && !objects.has(parent))) continue
    done.add(parent)
    objects.set(parent, [...(objects.get(parent) ?? []), element])
  }
  for (const [object, elements] of objects) mendElements(object, elements, terms)
}

/** Follows a path such as `Patient.contact` through the properties, whatever the definitions on the way are called. */
function objectAt([root = '', ...names]: string[], definitions: Record<string, JsonSchema>): JsonSchema | undefined {
  let object = definitions[root]
  for (const name of names) {
    const property = object?.properties?.[name]
    object = definitions[(property?.$ref ?? property?.items?.$ref ?? '').slice(REF.length)]
  }
  return object?.properties ? object : undefined
}

function mendElements(object: JsonSchema, elements: ElementDefinition[], terms: Terminology): void {
  const rules: ElementRules = { needed: [], choices: [], primitives: [] }
  const properties = object.properties ?? {}
  for (const element of elements) {
    const last = element.path.split('.').at(-1) ?? ''
    const names = namesOf(last, element, properties)
    for (const [name, type] of names) properties[name] = mendedProperty(properties[name] ?? {}, type, element, terms)
    const required = [...names.keys()].some((name) => object.required?.includes(name))
    if ((element.min ?? 0) > 0 && names.size > 0 && !required) {
      rules.needed.push({
        element: last,
        names: [...names.keys()].flatMap((name) => [name, `_${name}`]).filter((name) => properties[name]),
      })
    }
    if (names.size > 1) rules.choices.push({ element: last, names: [...names.keys()] })
    for (const [name, type] of names) if (properties[name]?.items && PRIMITIVES[type]) rules.primitives.push(name)
  }
  if (Object.values(rules).some((list) => list.length > 0)) object['elements'] = rules
}

/** The JSON names of an element with the type of each: `value[x]` has `valueString`, `valueQuantity`, … */
function namesOf(
  last: string,
  element: ElementDefinition,
  properties: Record<string, JsonSchema>,
): Map<string, string> {
  const types = (element.type ?? []).map(({ code }) => code)
  const names: [string, string][] = last.endsWith('[x]')
    ? types.map((type) => [`${last.slice(0, -3)}${type.charAt(0).toUpperCase()}${type.slice(1)}`, type])
    : [[last, types[0] ?? '']]
  return new Map(names.filter(([name]) => properties[name]))
}

function mendedProperty(
  property: JsonSchema,
  type: string,
  element: ElementDefinition,
  terms: Terminology,
): JsonSchema {
  if (property['const'] !== undefined) return property
  const value = withBinding(property.items ?? property, type, element, terms)
  if (!property.items) return value
  if (!PRIMITIVES[type]) return { ...property, items: value }
  const { enum: codes, type: jsonType = 'string', ...rest } = value
  return {
    ...property,
    items: { ...rest, type: [jsonType, 'null'], ...(Array.isArray(codes) ? { enum: [...codes, null] } : {}) },
  }
}

function withBinding(property: JsonSchema, type: string, element: ElementDefinition, terms: Terminology): JsonSchema {
  const plain = PRIMITIVES[type] ?? property
  const { strength, valueSet } = element.binding ?? {}
  if (strength !== 'required' || !valueSet) return plain
  const expansion = expanded(valueSet, terms)
  if (!expansion) return plain
  if (type === 'code') return { enum: [...new Set([...expansion.values()].flat())] }
  const codings = { type: 'array', items: { allOf: [...expansion].map(([system, codes]) => ofSystem(system, codes)) } }
  if (type === 'CodeableConcept') return { ...plain, properties: { coding: codings } }
  return plain
}

/** Other systems' codes may stand beside the bound ones. */
function ofSystem(system: string, codes: string[]): JsonSchema {
  return when(
    { properties: { system: { const: system } }, required: ['system', 'code'] },
    { properties: { code: { enum: codes } } },
  )
}

function when(condition: JsonSchema, consequence: JsonSchema): JsonSchema {
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema's keyword
  return { if: condition, then: consequence }
}
