import type { Resource } from 'fhir/r4'
import { CodedError } from '../../protocol/error-codes'
import { localDay } from '../../protocol/written-date'
import { type AcceptedType, isFacilityType, searchElementsOf } from '../../schemas/fhir/resource-types'
import { birthDateCriterion, type Criterion, tokenCriterion, wordsCriterion } from '../store/patient-criteria'
import { wordsOf } from '../store/patient-terms'
import { dateTestOf, rangeOf, rangesIn } from './date-range'
import { isObject, valuesAt } from './elements'
import { patientIdOf, type SearchValue, tokenOf } from './search-values'

export interface SearchParameter {
  name: string
  type: 'string' | 'token' | 'date' | 'reference'
}

export type ResourceTest = (resource: Resource) => boolean

/** Where FHIR's parameter `name` looks, by type. */
const NAME_ELEMENTS: Readonly<Record<string, readonly string[]>> = {
  Organization: ['name', 'alias'],
  Location: ['name', 'alias'],
  Practitioner: ['name.text', 'name.family', 'name.given', 'name.prefix', 'name.suffix'],
}

const PATIENT_PARAMETERS: readonly SearchParameter[] = [
  { name: 'name', type: 'string' },
  { name: 'family', type: 'string' },
  { name: 'given', type: 'string' },
  { name: 'birthdate', type: 'date' },
  { name: 'gender', type: 'token' },
  { name: 'identifier', type: 'token' },
  { name: 'telecom', type: 'token' },
  { name: 'phone', type: 'token' },
  { name: 'link', type: 'reference' },
]

/** What can be searched by, beside `_id`, `_count` and `_sort`. The capability statement says the same list. */
export function searchParametersOf(type: AcceptedType): SearchParameter[] {
  if (type === 'Patient') return [...PATIENT_PARAMETERS]
  const { patient, date, code } = searchElementsOf(type)
  const parameters: SearchParameter[] = []
  if (isFacilityType(type)) {
    parameters.push({ name: 'identifier', type: 'token' })
    if (NAME_ELEMENTS[type]) parameters.push({ name: 'name', type: 'string' })
  } else {
    parameters.push({ name: 'patient', type: 'reference' })
    if (patient.some(({ path }) => path === 'subject')) parameters.push({ name: 'subject', type: 'reference' })
  }
  if (date.length > 0) parameters.push({ name: 'date', type: 'date' })
  if (code.length > 0) parameters.push({ name: 'code', type: 'token' })
  return parameters
}

/** What a parameter asks of a resource that is not a Patient; `patient` and `subject` are places and not asked here. */
export function testOf(type: AcceptedType, { name, alternatives }: SearchValue): ResourceTest {
  const { date, code } = searchElementsOf(type)
  switch (name) {
    case 'date': {
      const tests = alternatives.map((text) => dateTestOf(text).test)
      return (resource) =>
        date.some(({ path }) =>
          valuesAt(resource, path)
            .flatMap(rangesIn)
            .some((range) => tests.some((test) => test(range))),
        )
    }
    case 'code': {
      const tokens = alternatives.map(tokenOf)
      const paths = code.map(({ path }) => `${path}.coding`)
      return (resource) => paths.some((path) => valuesAt(resource, path).some((coding) => fits(tokens, coding, 'code')))
    }
    case 'identifier': {
      const tokens = alternatives.map(tokenOf)
      return (resource) => valuesAt(resource, 'identifier').some((identifier) => fits(tokens, identifier, 'value'))
    }
    case 'name': {
      const wanted = alternatives.map((text) => wordsOf([text])).filter((words) => words.length > 0)
      const paths = NAME_ELEMENTS[type] ?? []
      return (resource) => {
        const words = wordsOf(paths.flatMap((path) => valuesAt(resource, path)).map(String))
        return wanted.some((parts) => parts.every((part) => words.some((word) => word.startsWith(part))))
      }
    }
    default:
      throw unsupported()
  }
}

/** What the parameters ask of a Patient, for the index. */
export function criteriaOf(values: readonly SearchValue[]): Criterion[] {
  const birthDates = values.filter(({ name }) => name === 'birthdate')
  const others = values.filter(({ name }) => name !== 'birthdate')
  return [...(birthDates.length > 0 ? [birthDatesCriterion(birthDates)] : []), ...others.map(criterionOf)]
}

function criterionOf({ name, alternatives }: SearchValue): Criterion {
  switch (name) {
    case 'name':
    case 'family':
    case 'given':
      return wordsCriterion(name, alternatives)
    case 'identifier':
    case 'telecom':
      return tokenCriterion(name, alternatives.map(tokenOf))
    case 'link':
      return tokenCriterion(
        'link',
        alternatives.map((value) => ({ value: patientIdOf(value), system: undefined })),
      )
    case 'gender':
      return tokenCriterion(
        'gender',
        alternatives.map((value) => ({ value: tokenOf(value).value, system: undefined })),
      )
    case 'phone':
      return tokenCriterion(
        'telecom',
        alternatives.map((value) => ({ value: tokenOf(value).value, system: 'phone' })),
      )
    default:
      throw unsupported()
  }
}

/** All of them are one walk through the index: `birthdate=ge1980&birthdate=lt1990`. */
function birthDatesCriterion(values: readonly SearchValue[]): Criterion {
  const asked = values.map(({ alternatives }) => alternatives.map(dateTestOf))
  const single = asked.flatMap((tests) => (tests.length === 1 ? tests : []))
  const least = single.flatMap(({ prefix, date }) =>
    ['eq', 'ge', 'gt', 'sa'].includes(prefix) ? [dayAt(date, 'low')] : [],
  )
  const most = single.flatMap(({ prefix, date }) =>
    ['eq', 'le', 'lt', 'eb'].includes(prefix) ? [dayAt(date, 'high')] : [],
  )
  return birthDateCriterion(least.sort().at(-1), most.sort().at(0), (birthDate) => {
    const range = rangeOf(birthDate)
    return range !== undefined && asked.every((tests) => tests.some(({ test }) => test(range)))
  })
}

/** A birth date is a day of this place; what is asked as a moment with another offset may be of another day here. */
function dayAt(date: string, end: 'low' | 'high'): string {
  const range = date.includes('T') ? rangeOf(date) : undefined
  return range ? localDay(new Date(range[end])) : date
}

function fits(
  tokens: readonly { value: string; system: string | undefined }[],
  found: unknown,
  key: 'code' | 'value',
): boolean {
  if (!isObject(found)) return false
  return tokens.some(
    ({ value, system }) => found[key] === value && (system === undefined || (found['system'] ?? '') === system),
  )
}

export function unsupported(): CodedError {
  return new CodedError(
    'SEARCH_PARAMETER_UNSUPPORTED',
    'The search uses a parameter that is not served; GET /fhir/metadata lists those that are.',
  )
}
