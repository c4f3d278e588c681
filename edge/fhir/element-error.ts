import { CodedError, type ErrorCode, type Problem } from '../../protocol/error-codes'

/** A coded error that names the elements at which it lies. No problem holds a value (law 10). */
export class ElementError extends CodedError {
  constructor(
    code: ErrorCode,
    reason: string,
    override readonly problems: readonly Problem[],
  ) {
    super(code, reason)
    this.name = 'ElementError'
  }

  /** The same error in an entry of a bundle: `Observation.code` is `Bundle.entry[3].resource.code` there. */
  inEntry(index: number): ElementError {
    const place = `Bundle.entry[${index}].resource`
    const problems = this.problems.map(({ expression, diagnostics }) => ({
      expression: `${place}${/[.[].*$/.exec(expression)?.[0] ?? ''}`,
      diagnostics,
    }))
    return new ElementError(this.code, this.message, problems)
  }
}

/** Names the entry of a bundle in an error that doesn't name elements yet. */
export function inEntry(error: CodedError, index: number): ElementError {
  if (error instanceof ElementError) return error.inEntry(index)
  return new ElementError(error.code, error.message, [
    { expression: `Bundle.entry[${index}]`, diagnostics: error.message },
  ])
}
