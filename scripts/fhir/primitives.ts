import type { JsonSchema } from './definitions'

// Days that exist: 31, 30 or 28 by month, and 29 February of leap years only. `1980-02-30` and `1900-02-29` do not.
const YEAR = '(?!0000)[0-9]{4}'
const DAY_OF_28 = '(0[1-9]|1[0-9]|2[0-8])'
const COMMON_DAY = `${YEAR}-((0[1-9]|1[0-2])-${DAY_OF_28}|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)`
const LEAP_DAY = '(?!0000)([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29'
const DAY = `(${COMMON_DAY}|${LEAP_DAY})`
const MONTH = `${YEAR}-(0[1-9]|1[0-2])`
const CLOCK = '([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]+)?'
const ZONE = '(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))'

const INT32 = 2_147_483_647

/** Forms of FHIR's strings, as formats and not patterns, so that an error says "date" and not the expression. */
export const FORMATS = {
  base64Binary: /^[0-9A-Za-z+/=\s]+$/,
  code: /^\S+(\s\S+)*$/,
  date: new RegExp(`^(${YEAR}|${MONTH}|${DAY})$`),
  dateTime: new RegExp(`^(${YEAR}|${MONTH}|${DAY}(T${CLOCK}${ZONE})?)$`),
  id: /^[A-Za-z0-9.-]{1,64}$/,
  instant: new RegExp(`^${DAY}T${CLOCK}${ZONE}$`),
  oid: /^urn:oid:[0-2](\.(0|[1-9][0-9]*))+$/,
  string: /\S/,
  time: new RegExp(`^${CLOCK}$`),
  uri: /^\S+$/,
  uuid: /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
} as const

/**
 * FHIR R4's primitive types (https://hl7.org/fhir/R4/datatypes.html). The official schema lets dates pass that no calendar
 * has, and its patterns on numbers and booleans have no effect: -1.5 would pass as an unsignedInt.
 */
export const PRIMITIVES: Record<string, JsonSchema> = {
  base64Binary: text('base64Binary'),
  boolean: { type: 'boolean' },
  canonical: text('uri'),
  code: text('code'),
  date: text('date'),
  dateTime: text('dateTime'),
  decimal: { type: 'number' },
  id: text('id'),
  instant: text('instant'),
  integer: { type: 'integer', minimum: -INT32 - 1, maximum: INT32 },
  markdown: text('string'),
  oid: text('oid'),
  positiveInt: { type: 'integer', minimum: 1, maximum: INT32 },
  string: text('string'),
  time: text('time'),
  unsignedInt: { type: 'integer', minimum: 0, maximum: INT32 },
  uri: text('uri'),
  url: text('uri'),
  uuid: text('uuid'),
  xhtml: text('string'),
}

function text(format: keyof typeof FORMATS): JsonSchema {
  return { type: 'string', format }
}
