/** What is asked through nano; `path` is below the server's address and has its parts encoded. */
export type Ask = (request: {
  method?: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  path: string
  query?: Readonly<Record<string, unknown>>
  body?: object
}) => Promise<unknown>

/** CouchDB understood the request and refused it. The reason may quote what was sent: it is for the log at most. */
export class AnsweredError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly reason: string,
  ) {
    super(`CouchDB answered ${status} ${code}`)
    this.name = 'AnsweredError'
  }
}
