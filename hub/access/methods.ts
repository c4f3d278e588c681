import { partsOf, ROUTES, type RouteName } from './table'

/** Which methods each path of the table takes. */
export const METHODS: Readonly<Record<string, readonly string[]>> = methodsOf(
  // A signed route says itself what it takes, and only to whoever has signed.
  (Object.keys(ROUTES) as RouteName[]).filter((name) => ROUTES[name].proof !== 'signature'),
)

function methodsOf(names: readonly RouteName[]): Record<string, string[]> {
  const methods: Record<string, string[]> = {}
  for (const name of names) {
    const { method, path } = partsOf(name)
    const known = methods[path] ?? []
    known.push(...(method === 'GET' ? ['GET', 'HEAD'] : [method]))
    methods[path] = known
  }
  return methods
}
