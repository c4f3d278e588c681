/** What is asked through nano; `path` is below the server's address and has its parts encoded. */
export type Ask = (request: {
  method?: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  path: string
  query?: Readonly<Record<string, unknown>>
  body?: object
}) => Promise<unknown>

/** CouchDB understood the request and refused it. Its reason is left out: it may quote what was sent (law 10). */
export class AnsweredError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(`CouchDB answered ${status} ${code}`)
    this.name = 'AnsweredError'
  }
}
