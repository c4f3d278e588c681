import type { SearchParameter, StructureDefinition } from 'fhir/r4'
import { FACILITY_TYPES } from '../../schemas/fhir/facility-types'
import type { SearchElement, SearchElements } from '../../schemas/fhir/search-elements'
import { patientCompartment, searchParameters, structures } from './definitions'

const DATED = new Set(['date', 'dateTime', 'instant', 'Period', 'Timing'])

/** The source of search-elements.ts: which types are kept, and where their patient, date and code are found. */
export function searchElementsSource(): string {
  const compartment = patientCompartment().resource ?? []
  const bound = compartment.filter(({ param = [] }) => param.length > 0).map(({ code }) => code)
  const paramsOf = new Map(compartment.map(({ code, param }) => [String(code), param ?? []]))
  const types = structures()
  const search = searchParameters()
  const elements = [...bound, ...FACILITY_TYPES].map((type) => {
    const find = (code: string) => elementsOf(type, code, search, types.get(type))
    return [type, searchElementsOf(type, paramsOf.get(type) ?? [], find)] as const
  })
  return [
    '// Made from the search parameters of FHIR R4 by `npm run build`; not to be edited.',
    "import type { FACILITY_TYPES } from '../fhir/facility-types'",
    "import type { SearchElements } from '../fhir/search-elements'",
    `export const PATIENT_BOUND_TYPES = ${JSON.stringify(bound)} as const`,
    'export type AcceptedType = (typeof PATIENT_BOUND_TYPES | typeof FACILITY_TYPES)[number]',
    'export const SEARCH_ELEMENTS: Readonly<Record<AcceptedType, SearchElements>> = {',
    ...elements.map(([type, found]) => `  ${type}: ${JSON.stringify(found)},`),
    '}',
    '',
  ].join('\n')
}

function searchElementsOf(type: string, params: string[], find: (code: string) => SearchElement[]): SearchElements {
  const references = (code: string) => find(code).filter((element) => element.type === 'Reference')
  // A Patient is its own patient, and what it links to is another one.
  const compartment = type === 'Patient' ? [] : distinct(params.flatMap(references))
  const named = compartment.length === 0 ? [] : references('patient')
  const first = params[0] === undefined ? [] : references(params[0])
  return {
    patient: named.length > 0 ? named : compartment.length > 0 ? first : [],
    compartment,
    // A date search does not find `occurrenceString` or `performedAge`.
    date: find('date').filter((element) => DATED.has(element.type)),
    code: find('code'),
  }
}

function elementsOf(
  type: string,
  code: string,
  search: SearchParameter[],
  structure: StructureDefinition | undefined,
): SearchElement[] {
  const expressions = search
    .filter((parameter) => parameter.code === code && parameter.base.some((base) => base === type))
    .flatMap(({ expression = '' }) => expression.split('|'))
  return distinct(expressions.flatMap((expression) => elementsAt(expression.trim(), type, structure)))
}

/**
 * `Observation.effective` is found at each of its types, `(MedicationRequest.medication as CodeableConcept)` at that one. That
 * a reference is to a Patient (`.where(resolve() is Patient)`) is for the reader of the reference to see.
 */
function elementsAt(expression: string, type: string, structure: StructureDefinition | undefined): SearchElement[] {
  const plain = expression.replace('.where(resolve() is Patient)', '').replace(/^\((.*)\)$/, '$1')
  const [, path = '', only] = /^([A-Za-z.]+)(?: as (\w+))?$/.exec(plain) ?? []
  if (!path.startsWith(`${type}.`)) return []
  const names = path.slice(type.length + 1)
  const element = structure?.snapshot?.element.find(({ path: its }) => its === path || its === `${path}[x]`)
  const types = [...new Set((element?.type ?? []).map(({ code }) => code))].filter((one) => !only || one === only)
  const choice = element?.path.endsWith('[x]')
  return types.map((one) => ({
    path: choice ? `${names}${one.charAt(0).toUpperCase()}${one.slice(1)}` : names,
    type: one,
  }))
}

function distinct(elements: SearchElement[]): SearchElement[] {
  return [...new Map(elements.map((element) => [element.path, element])).values()]
}
