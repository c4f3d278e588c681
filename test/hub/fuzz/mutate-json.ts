import { JSON_TOKENS, TEXTS } from './dictionary'
import type { Random } from './random'

type Path = readonly (string | number)[]

/** Another structure: a member left out, exchanged, renamed, doubled, nested, or of another type. */
export function mutateStructure(value: unknown, random: Random): unknown {
  const path = random.pick(pathsIn(value))
  return at(value, path, (found) => random.pick(DEEDS)(found, random))
}

/** JSON text with another token in it, which no structure would give. */
export function mutateText(text: string, random: Random): string {
  const tokens = [...text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]/g)]
  if (tokens.length === 0) return random.pick(JSON_TOKENS)
  const { index, 0: token } = random.pick(tokens)
  const other = random.chance(0.1) ? '' : random.chance(0.2) ? token + token : random.pick(JSON_TOKENS)
  return text.slice(0, index) + other + text.slice(index + token.length)
}

type Deed = (found: unknown, random: Random) => unknown

const DEEDS: readonly Deed[] = [
  (_found, random) => random.pick<unknown>([null, true, false, 0, -1, 1.5, 2 ** 31, 2 ** 53, 1e308, '', [], {}, [[]]]),
  (_found, random) => random.pick(TEXTS),
  (found, random) => (typeof found === 'string' ? inserted(found, random) : (JSON.stringify(found) ?? '')),
  (found, random) => (typeof found === 'string' ? found.slice(0, random.below(found.length + 1)) : [found]),
  (found) => ({ inside: found }),
  (found, random) => Array.from({ length: 1 + random.below(5) }, () => found),
  (found) => [found, found],
  withoutOne,
  withoutOne,
  withOther,
  withOther,
  (found, random) => nested(found, 1 + random.below(130)),
]

function withoutOne(found: unknown, random: Random): unknown {
  if (Array.isArray(found)) return found.length === 0 ? [null] : found.toSpliced(random.below(found.length), 1)
  if (!isObject(found)) return undefined
  const names = Object.keys(found)
  if (names.length === 0) return { [random.pick(TEXTS)]: 1 }
  const left = random.pick(names)
  return Object.fromEntries(Object.entries(found).filter(([name]) => name !== left))
}

function withOther(found: unknown, random: Random): unknown {
  if (Array.isArray(found)) return [...found, random.pick(TEXTS)]
  if (!isObject(found)) return { [random.pick(TEXTS)]: found }
  const entries = Object.entries(found)
  const value = entries.length > 0 && random.chance(0.5) ? random.pick(entries)[1] : random.pick(TEXTS)
  // An own member also where it is called __proto__.
  return Object.fromEntries([...entries, [random.pick(TEXTS), value]])
}

function inserted(text: string, random: Random): string {
  const place = random.below(text.length + 1)
  return text.slice(0, place) + random.pick(TEXTS) + text.slice(place)
}

function nested(found: unknown, depth: number): unknown {
  return depth === 0 ? found : [nested(found, depth - 1)]
}

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (!isObject(value) && !Array.isArray(value)) return [path]
  const inside = Object.entries(value).flatMap(([name, part]) =>
    pathsIn(part, [...path, Array.isArray(value) ? Number(name) : name]),
  )
  return [path, ...inside]
}

function at(value: unknown, path: Path, change: (found: unknown) => unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined) return change(value)
  if (Array.isArray(value)) return value.with(Number(step), at(value[Number(step)], rest, change))
  const entries = Object.entries(value as object)
  return Object.fromEntries(entries.map(([name, part]) => [name, name === step ? at(part, rest, change) : part]))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
