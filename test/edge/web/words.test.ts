import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { words } from '../../../edge/web/words'
import { errorWords } from '../../../web-kit/error-words'
import { frameWords } from '../../../web-kit/frame-words'
import { askedIn, differencesIn, unwrittenKeys } from '../../support/words'

const ALL = { ...words, frame: frameWords, kitErrors: errorWords }

test.each(Object.entries(ALL))('%s says the same in both languages, with the same values in it', (_name, feature) => {
  expect(differencesIn(feature)).toEqual([])
})

test('every key that a page of the clinic’s app asks for is written', () => {
  expect(unwrittenKeys(['edge/web', 'web-kit'], ALL)).toEqual([])
})

test('a key is found wherever it is asked for', () => {
  const template = `sync.\${key}`
  const source = `t(isNew ? 'visit.title' : 'visit.nobody', { at: f(x) }); t(\`${template}\`); exists('a.b'); sort('c.d')`
  expect(askedIn(source)).toEqual(['visit.title', 'visit.nobody', template, 'a.b'])
  expect(unwrittenKeys(['edge/web/visit'], { ...ALL, visit: { en: {}, id: {} } }).length).toBeGreaterThan(20)
})

describe('an error of the edge', () => {
  const EDGE = resolve(__dirname, '../../../edge')
  /** No page sends what these refuse. */
  const OF_PROGRAMS = [
    'METHOD_NOT_ALLOWED',
    'MULTIPLE_MATCHES',
    'RESOURCE_TYPE_UNSUPPORTED',
    'SEARCH_PARAMETER_UNSUPPORTED',
    'UNSUPPORTED_MEDIA_TYPE',
  ]
  const thrown = readdirSync(EDGE, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => [...readFileSync(join(EDGE, path), 'utf8').matchAll(/new CodedError\(\s*'([A-Z_]+)'/g)])
    .flatMap(([, code]) => code ?? [])

  test.each([...new Set([...thrown, 'INTERNAL', 'RESOURCE_INVALID', 'RATE_LIMITED'])].sort())(
    '%s is said in words of the app',
    (code) => {
      expect([code, code in words.errors.id || OF_PROGRAMS.includes(code)]).toEqual([code, true])
    },
  )
})
