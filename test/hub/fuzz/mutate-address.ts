import { TEXTS } from './dictionary'
import { onLine } from './draft'
import type { Random } from './random'

export const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'QUERY',
  'get',
  'FOO',
  '',
]

export function mutatedPath(path: string, random: Random): string {
  const segments = path.split('/')
  const place = Math.min(1 + random.below(segments.length), segments.length - 1)
  const segment = segments[place] ?? ''
  const text = () => {
    const found = random.pick(TEXTS)
    return random.chance(0.8) ? encodeURIComponent(wellFormed(found)) : onLine(found)
  }
  switch (
    random.weighted({ exchange: 4, insert: 3, more: 2, less: 2, encode: 2, double: 1, capitals: 1, dots: 1, whole: 1 })
  ) {
    case 'exchange':
      return segments.with(place, text()).join('/')
    case 'insert':
      return segments.with(place, segment + text()).join('/')
    case 'more':
      return [...segments, text()].join('/')
    case 'less':
      return segments.toSpliced(place, 1).join('/') || '/'
    case 'encode':
      return path.replace(/[a-z_$]/gi, (letter) =>
        random.chance(0.2) ? `%${letter.charCodeAt(0).toString(16)}` : letter,
      )
    case 'double':
      return segments.with(place, `/${segment}`).join('/')
    case 'capitals':
      return path.toUpperCase()
    case 'dots':
      return segments.with(place, `../${segment}`).join('/')
    case 'whole':
      return random.pick([
        '*',
        '/',
        '//',
        '',
        'http://other.example/operator/nodes',
        `/${'a/'.repeat(500)}`,
        '/?',
        '/#',
      ])
  }
}

export function mutatedQuery(target: string, random: Random): string {
  const text = () => encodeURIComponent(wellFormed(random.pick(TEXTS)))
  const [path = '', query = ''] = target.split('?')
  const pairs = query === '' ? [] : query.split('&')
  const place = random.below(pairs.length + 1)
  const pair = pairs[place] ?? `${text()}=${text()}`
  const names = ['limit', 'cursor', '_format', 'status', 'node', 'mrn', 'from', 'to', 'kind', 'chain', '_linked']
  const first = `${(pairs[0] ?? 'limit=').split('=')[0]}=${text()}`
  const changed = random.pick<() => string[]>([
    () => [...pairs, `${random.pick(names)}=${text()}`],
    () => [...pairs, `${text()}=${text()}`],
    () => [...pairs, pair],
    () => [first, ...pairs.slice(1)],
    () => [first, ...pairs.slice(1)],
    () => pairs.toSpliced(place, 1, pair.replace('=', '[]=')),
    () => pairs.toSpliced(place, 1, pair.replace('=', '[__proto__]=')),
    () => pairs.toSpliced(place, 1),
    () => [...pairs, onLine(random.pick(TEXTS))],
    () => [...pairs, ...Array.from({ length: 1_200 }, (_, index) => `a${index}=`)],
  ])()
  return `${path}?${changed.join('&')}`
}

/** Half of a surrogate pair can't be in an address. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8')
}
