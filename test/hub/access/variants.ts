import { AREAS, partsOf, ROUTES, type RouteName } from '../../../hub/access/table'

/** An address that is nearly one of the table's, and what it has to count as. */
export interface Variant {
  readonly what: string
  readonly target: string
  /** `same`: as the address itself. `closed`: as an address that there isn't, which below an area not everybody learns. */
  readonly counts: 'same' | 'closed'
}

/** Every way of writing an address of the table differently that a server or a proxy in front might take for the same. */
export function variantsOf(name: RouteName, target: string): Variant[] {
  const { path: pattern } = partsOf(name)
  // Its own slash is one that may stand at the end.
  if (pattern === '/') return [{ what: 'two slashes', target: '//', counts: 'same' }]
  const [path = '', query = ''] = target.split(/(?=\?)/)
  const isFixed = pattern.split('/').map((segment) => segment !== '' && !segment.startsWith(':'))
  const segments = path.split('/')
  const changed = (what: string, change: (segment: string) => string): Variant[] =>
    segments.flatMap((segment, index) => {
      const other = isFixed[index] ? change(segment) : segment
      if (other === segment) return []
      return [
        { what: `${what} in part ${index}`, target: segments.with(index, other).join('/') + query, counts: 'closed' },
      ]
    })
  const all: Variant[] = [
    { what: 'a slash at its end', target: `${path}/${query}`, counts: 'same' },
    ...changed('capitals', (segment) => segment.toUpperCase()),
    ...changed('an encoded letter', (segment) =>
      segment.replace(/[a-z]/i, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
    ),
    ...changed('an encoded letter, twice', (segment) =>
      segment.replace(/[a-z]/i, (letter) => `%25${letter.charCodeAt(0).toString(16)}`),
    ),
    ...changed('a matrix parameter', (segment) => `${segment};x=1`),
    ...changed('a NUL', (segment) => `${segment}%00`),
    ...changed('a space', (segment) => `${segment}%20`),
    ...changed('a dot segment before it', (segment) => `./${segment}`),
    ...changed('a doubled slash before it', (segment) => `/${segment}`),
    ...changed('a full-width letter', (segment) => segment.replace(/[a-z]/i, '%EF%BD%81')),
    { what: 'a slash that is encoded', target: segments.join('%2f').replace('%2f', '/') + query, counts: 'closed' },
    { what: 'a backslash', target: segments.join('\\').replace('\\', '/') + query, counts: 'closed' },
    { what: 'a way around', target: `/healthz/..${path}${query}`, counts: 'closed' },
    { what: 'more below it', target: `${path}/a/b/c/d/e${query}`, counts: 'closed' },
  ]
  // A path of one part has no slash to encode.
  return all.filter(({ target: other }) => other !== target)
}

/** The area that an address is in, by what Express takes for it: the path as it stands, with its letters as they are. */
export function areaOf(target: string): keyof typeof AREAS | undefined {
  return (Object.keys(AREAS) as (keyof typeof AREAS)[]).find((area) => new RegExp(`^${area}(/|\\?|$)`).test(target))
}

/** The row that takes an address as it stands: `/operator/registrations/./reject` is the one of a registration named `.`. */
export function rowAt(method: string, target: string): RouteName | undefined {
  const [path = ''] = target.split('?')
  return (Object.keys(ROUTES) as RouteName[]).find((name) => {
    const row = partsOf(name)
    const pattern = row.path.replaceAll('$', '\\$').replaceAll(/:\w+/g, '[^/]+')
    return row.method === method && new RegExp(`^${pattern}$`).test(path)
  })
}

/** The methods that nobody is let in with at the address of a row, the ones of its other rows left out. */
export function otherMethods(name: RouteName): string[] {
  const { path } = partsOf(name)
  const taken = (Object.keys(ROUTES) as RouteName[]).map(partsOf).filter((row) => row.path === path)
  const methods = new Set(taken.map(({ method }) => method))
  if (methods.has('GET')) methods.add('HEAD')
  return ['HEAD', 'GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'COPY', 'PROPFIND', 'MKCOL'].filter(
    (method) => !methods.has(method),
  )
}
