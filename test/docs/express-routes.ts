import type { Express } from 'express'
import { servedBy } from '../../runtime/express-routes'

/** `GET /imports/{id}`: every route that an application really has, in the words of OpenAPI. */
export function routesOf(app: Express): string[] {
  const found = servedBy(app).flatMap((one) => (one.kind === 'route' ? [one] : []))
  const named = new Set(found.filter(({ method }) => method !== '_all').map(({ path }) => path))
  const names = found.flatMap(({ method, path }) => {
    const documented = path.replace(/:([A-Za-z]+)/g, '{$1}')
    if (method !== '_all') return [`${method.toUpperCase()} ${documented}`]
    // Beside others a route for all methods answers 405; by itself it takes GET, and refuses the others in its own way.
    return named.has(path) ? [] : [`GET ${documented}`]
  })
  return [...new Set(names)].sort()
}
