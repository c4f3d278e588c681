import type { Express } from 'express'
import { servedBy } from '../../runtime/express-routes'
import { METHODS } from './methods'
import { AREAS, partsOf, ROUTES, type RouteName } from './table'

/**
 * Throws unless the application serves exactly what the table lists: a route that was added past the table does not start,
 * and a row that nobody serves is a promise that is not kept.
 *
 * @param mounted  paths below which a handler stands that looks at requests and answers none by itself
 */
export function checkRoutes(app: Express, mounted: readonly string[]): void {
  const listed = new Set<string>((Object.keys(ROUTES) as RouteName[]).map(nameInExpress))
  const known = new Set([...listed, ...Object.keys(METHODS).map((path) => `_all ${path}`)])
  const looking = new Set<string>([...Object.keys(AREAS), ...mounted])
  const served = servedBy(app)
  const names = served.flatMap((one) => (one.kind === 'route' ? [`${one.method} ${one.path}`] : []))
  const unlisted = [
    ...names.filter((name) => !known.has(name)),
    ...served.flatMap((one) => (one.kind === 'mounted' && !looking.has(one.path) ? [`use ${one.path}`] : [])),
  ]
  const missing = [...listed].filter((name) => !names.includes(name))
  if (unlisted.length === 0 && missing.length === 0) return
  throw new Error(
    `hub/access/table.ts and the routes differ: not listed [${unlisted.join(', ')}], not served [${missing.join(', ')}]`,
  )
}

function nameInExpress(name: RouteName): string {
  const { method, path } = partsOf(name)
  return `${ROUTES[name].proof === 'signature' ? '_all' : method.toLowerCase()} ${path}`
}
