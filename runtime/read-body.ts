import type { Request, RequestHandler, Response } from 'express'

/** Runs a body parser inside a handler: a body is read only once the caller is known. */
export function readBody(parse: RequestHandler, request: Request, response: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    parse(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(error)))
  })
}
