import { CodedError } from '../../protocol/error-codes'

/** More alternatives than this in one parameter are refused. */
const MAX_ALTERNATIVES = 100

/** A parameter of a search with its alternatives: `code=a,b` is a or b. */
export interface SearchValue {
  name: string
  alternatives: string[]
}

export interface TokenValue {
  value: string
  /** Empty for "without a system" (`|value`), undefined for any. */
  system: string | undefined
}

/** Throws INVALID_REQUEST for a parameter without a value. */
export function searchValueOf(name: string, text: string): SearchValue {
  const alternatives = splitAt(text, ',').map(unescaped)
  if (alternatives.some((value) => value.trim() === ''))
    throw new CodedError('INVALID_REQUEST', 'A search parameter has no value.')
  if (alternatives.length > MAX_ALTERNATIVES) {
    throw new CodedError('INVALID_REQUEST', `A search parameter has more than ${MAX_ALTERNATIVES} values.`)
  }
  return { name, alternatives }
}

/** `system|value`, `|value`, `value`. A system alone would be no narrower than everything: refused. */
export function tokenOf(text: string): TokenValue {
  const bar = text.indexOf('|')
  if (bar === -1) return { value: text, system: undefined }
  const value = text.slice(bar + 1)
  if (value === '') throw new CodedError('SEARCH_PARAMETER_UNSUPPORTED', 'A system without a value is not searched.')
  return { value, system: text.slice(0, bar) }
}

/** `Patient/<MRN>`, or the MRN alone. */
export function patientIdOf(text: string): string {
  return text.replace(/^Patient\//, '')
}

/** FHIR escapes `,`, `|`, `$` and the backslash by a backslash (https://hl7.org/fhir/R4/search.html#escaping). */
function splitAt(text: string, separator: string): string[] {
  const parts: string[] = ['']
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index)
    if (character === separator) parts.push('')
    else if (character === '\\') parts[parts.length - 1] += text.slice(index, ++index + 1)
    else parts[parts.length - 1] += character
  }
  return parts
}

function unescaped(text: string): string {
  return text.replace(/\\([,$|\\])/g, '$1')
}
