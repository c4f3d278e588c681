/** How many errors a validator lists before it only counts them; one of its functions that calls others may list twice as many. */
const MAX_ERRORS = 50

/**
 * ajv's code for `allErrors`, with a bound on what it lists. Without it, a body of eighty thousand mistakes holds the process
 * for sixteen seconds (each level copies the list of the level below it, for each item), and two million take 400 MB.
 */
export function withBoundedErrors(code: string): string {
  return code
    .replaceAll(/vErrors\.push\((\w+)\)/g, `vErrors.length < ${MAX_ERRORS} && vErrors.push($1)`)
    .replaceAll(/vErrors\.concat\(([\w.]+)\)/g, `(vErrors.length < ${MAX_ERRORS} ? vErrors.concat($1) : vErrors)`)
    .replaceAll(/vErrors\.length = (\w+)/g, 'vErrors.length = Math.min(vErrors.length, $1)')
}
