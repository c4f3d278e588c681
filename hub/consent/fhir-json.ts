/** FHIR as it comes out of the database: the hub has not validated it, so nothing of its form is taken for granted. */
export type Json = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * The objects of an element that may repeat; undefined where it is not there. What is there and is not of this form, or an
 * empty list, is an empty object: as a condition one that nobody knows, and not one that is never met.
 */
export function listOf(value: unknown): Json[] | undefined {
  if (value === undefined || value === null) return undefined
  const items = Array.isArray(value) ? (value as unknown[]) : [value]
  return items.length === 0 ? [{}] : items.map((item) => (isObject(item) ? item : {}))
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export interface Coding {
  system?: string
  code?: string
}

export function codingOf({ system, code }: Json): Coding {
  const [known, text] = [textOf(system), textOf(code)]
  return { ...(known !== undefined && { system: known }), ...(text !== undefined && { code: text }) }
}
