import type { ErrorObject } from 'ajv'
import { inWords } from './in-words'

/** What the build makes of a schema: a type predicate that leaves its complaints in `errors`. */
export interface Validator<T> {
  (value: unknown): value is T
  errors?: ErrorObject[] | null
}

/** More places than this are not listed. */
const MAX_PROBLEMS = 10

/** Something is not of the form that its schema says. The message holds no value, so it can be shown and logged. */
export class SchemaError extends Error {
  /**
   * @param what  what was checked, in the words of a person: "the request", "the hub's answer"
   * @param problems  one failing place each: "externalId must match …"
   */
  constructor(
    readonly what: string,
    readonly problems: readonly string[],
  ) {
    super(`${what} is not valid: ${problems.join('; ')}`)
    this.name = 'SchemaError'
  }
}

/** The value with its type, if the validator passes it; else throws a SchemaError. */
export function checked<T>(validator: Validator<T>, value: unknown, what: string): T {
  if (validator(value)) return value
  const problems = [...new Set((validator.errors ?? []).map(inWords))]
  const more = problems.length - MAX_PROBLEMS
  throw new SchemaError(what, more > 0 ? [...problems.slice(0, MAX_PROBLEMS), `and ${more} more`] : problems)
}
