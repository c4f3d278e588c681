import type { ErrorObject } from 'ajv'
import { isName } from '../in-words'

/** What is wrong with a resource at one place, as an OperationOutcome says it. */
export interface Issue {
  /** The element in the manner of FHIRPath: `Patient.name[0].given[1]`. */
  expression: string
  /** What is expected there, never what was found: that is patient data. */
  diagnostics: string
}

/** Longer lists of codes are not written out. */
const MAX_CODES = 20

const FORMS: Record<string, string> = {
  base64Binary: 'must be base64',
  code: 'must be a code: no spaces around it, and single ones within',
  date: 'must be a date that exists: YYYY, YYYY-MM or YYYY-MM-DD',
  dateTime: 'must be a date that exists, or with a time: YYYY-MM-DDThh:mm:ss and a time zone',
  id: 'must be an id: 1 to 64 letters, digits, "-" and "."',
  instant: 'must be a moment that exists: YYYY-MM-DDThh:mm:ss and a time zone',
  oid: 'must be an OID as a URI: urn:oid:…',
  string: 'must not be empty',
  time: 'must be a time of the day: hh:mm:ss',
  uri: 'must be a URI: not empty, and without spaces',
  uuid: 'must be a UUID as a URI: urn:uuid:…',
}

/** Undefined for an error that only says that another one was found below. */
export function issueOf(error: ErrorObject, root: string): Issue | undefined {
  const { keyword, params } = error
  const at = expressionOf(error.instancePath, root)
  switch (keyword) {
    case 'if':
      return undefined
    case 'required':
      return { expression: `${at}.${params['missingProperty']}`, diagnostics: 'is missing' }
    case 'additionalProperties': {
      const name = String(params['additionalProperty'])
      return isName(name)
        ? { expression: `${at}.${name}`, diagnostics: 'is not an element that FHIR R4 has here' }
        : { expression: at, diagnostics: 'has an element that FHIR R4 does not have here' }
    }
    case 'elements':
      return {
        expression: `${at}.${String(params['element']).replace('[x]', '')}`,
        diagnostics: RULES[params['rule']] ?? '',
      }
    default:
      return { expression: at, diagnostics: expectationOf(keyword, params) }
  }
}

const RULES: Record<string, string> = {
  needed: 'is missing',
  choice: 'must have one type only',
  null: 'must not have an empty item, unless an extension stands for it',
}

function expectationOf(keyword: string, params: Record<string, unknown>): string {
  switch (keyword) {
    case 'type':
      return `must be ${article(
        [params['type']]
          .flat()
          .filter((type) => type !== 'null')
          .join(' or '),
      )}`
    case 'format':
      return FORMS[String(params['format'])] ?? 'must have the form that FHIR R4 says'
    case 'enum': {
      const codes = [params['allowedValues']].flat().filter((code) => code !== null)
      return codes.length > MAX_CODES
        ? 'must be a code of the value set that FHIR R4 requires'
        : `must be one of ${codes.join(', ')}`
    }
    case 'minItems':
    case 'minProperties':
      return 'must not be empty'
    case 'minimum':
    case 'maximum':
      return `must be ${params['comparison']} ${params['limit']}`
    default:
      return 'is not valid'
  }
}

function article(type: string): string {
  return /^[aio]/.test(type) ? `an ${type}` : `a ${type}`
}

/** `/name/0/given/1` below `Patient` is `Patient.name[0].given[1]`. */
function expressionOf(pointer: string, root: string): string {
  return pointer
    .split('/')
    .slice(1)
    .reduce((path, token) => (/^[0-9]+$/.test(token) ? `${path}[${token}]` : `${path}.${token}`), root)
}
