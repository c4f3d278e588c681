import type { Request } from 'express'

/** Also with the slash at its end that Express passes over where it looks for the route. */
export function isPostTo(address: string, { method, path }: Pick<Request, 'method' | 'path'>): boolean {
  return method === 'POST' && (path === address || path === `${address}/`)
}
