import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Bilingual, Words } from '../../web-kit/bilingual'

type Node = string | { readonly [key: string]: Node }
export type AppWords = Readonly<Record<string, Bilingual<Words>>>

const ROOT = resolve(__dirname, '../..')

/** What one language has and the other lacks, what is empty, and where the values in a sentence are not the same. */
export function differencesIn({ en, id }: Bilingual<Words>): string[] {
  const english = new Map(textsOf(en as Node))
  const indonesian = new Map(textsOf(id as Node))
  const wanted = [...english.keys()].filter((key) => !key.endsWith('_one'))
  return [
    ...wanted.filter((key) => !indonesian.has(key)).map((key) => `Indonesian lacks ${key}`),
    ...[...indonesian.keys()].filter((key) => !english.has(key)).map((key) => `English lacks ${key}`),
    ...[...english, ...indonesian].filter(([, text]) => text.trim() === '').map(([key]) => `${key} is empty`),
    ...[...indonesian]
      .filter(([key, text]) => placesIn(text) !== placesIn(english.get(key) ?? ''))
      .map(([key]) => `${key} has other values in it`),
  ]
}

/** Keys that the source in these folders asks for and nobody has written, with the file that does. */
export function unwrittenKeys(folders: readonly string[], words: AppWords): string[] {
  const written = textsOf(Object.fromEntries(Object.entries(words).map(([name, { en }]) => [name, en])) as Node).map(
    ([key]) => key.replace(/_(one|other)$/, ''),
  )
  return folders.flatMap(sourcesIn).flatMap((path) =>
    askedIn(readFileSync(path, 'utf8'))
      .filter((asked) => !written.some((key) => patternOf(asked).test(key)))
      .map((asked) => `${path.slice(ROOT.length + 1)}: ${asked}`),
  )
}

/** Each key that stands, whole or with a part to be filled in, where `t` or `exists` is called. */
export function askedIn(source: string): string[] {
  return [...source.matchAll(/\b(?:t|exists)\(/g)].flatMap(({ index }) =>
    [...argumentsAt(source, index).matchAll(/'([\w-]+(?:\.[\w-]+)+)'|`([\w-]+\.[^`]+)`/g)].map(
      ([, whole, template]) => whole ?? template ?? '',
    ),
  )
}

/** The text between the parentheses that open behind this place. */
function argumentsAt(source: string, from: number): string {
  const start = source.indexOf('(', from)
  let depth = 0
  for (let at = start; at < source.length; at++) {
    if (source[at] === '(') depth++
    else if (source[at] === ')' && --depth === 0) return source.slice(start, at)
  }
  return ''
}

function patternOf(asked: string): RegExp {
  const parts = asked.split(/\$\{[^}]*(?:\{[^}]*\}[^}]*)*\}/)
  return new RegExp(`^${parts.map((part) => part.replaceAll('.', '\\.')).join('.+')}$`)
}

function textsOf(node: Node, at = ''): [string, string][] {
  return typeof node === 'string'
    ? [[at, node]]
    : Object.entries(node).flatMap(([key, below]) => textsOf(below, at === '' ? key : `${at}.${key}`))
}

function placesIn(text: string): string {
  return [...new Set(text.match(/\{\{\w+\}\}/g) ?? [])].sort().join()
}

function sourcesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => join(ROOT, folder, path))
}
