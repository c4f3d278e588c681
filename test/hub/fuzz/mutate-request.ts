import { bytesOf, type Draft } from './draft'
import { METHODS, mutatedPath, mutatedQuery } from './mutate-address'
import { mutateBytes } from './mutate-bytes'
import { mutatedCredentials, mutatedHeaders } from './mutate-headers'
import { mutateStructure, mutateText } from './mutate-json'
import { mutatedFraming, packed, spoiltHead } from './mutate-wire'
import type { Random } from './random'
import type { Valid } from './valid-requests'
import type { Sent } from './wire'

export interface Fuzzed extends Sent {
  /** What was done to a valid request; nothing where it is one. */
  readonly mutations: readonly string[]
  readonly target: string
}

/** How the caller shows who he is, at the address that is asked in the end. */
export type Show = (method: string, target: string) => Promise<Readonly<Record<string, string>>>

const COUNTS = { 0: 10, 1: 50, 2: 25, 3: 10, 5: 5 } as const

const KINDS = {
  method: 4,
  path: 10,
  query: 8,
  structure: 30,
  text: 8,
  bodyBytes: 6,
  packing: 14,
  credentials: 10,
  header: 12,
  framing: 4,
  head: 3,
} as const
type Kind = keyof typeof KINDS

/** Before the credentials, since these may be signed over it. */
const EARLY: readonly Kind[] = ['method', 'path', 'query', 'structure']

/** A request that is mutated from a valid one, `host` and credentials included. */
export async function fuzzed(valid: Valid, show: Show, host: string, random: Random): Promise<Fuzzed> {
  const count = Number(random.weighted(COUNTS as Record<string, number>))
  const kinds = Array.from({ length: count }, () => random.weighted(KINDS))
  const early = kinds
    .filter((kind) => EARLY.includes(kind))
    .reduce((now, kind) => EARLIER[kind]?.(now, random) ?? now, valid)
  const signed = random.chance(0.5) ? early : valid
  // What is no address can't be signed.
  const shown = await show(signed.method, signed.target).catch(() => show(valid.method, valid.target))
  const text = early.body === undefined ? undefined : JSON.stringify(early.body)
  const packing = kinds.includes('packing') ? 'mutated' : random.weighted({ none: 6, gzip: 1, br: 1 })
  const sentText = text !== undefined && kinds.includes('text') ? mutateText(text, random) : text
  const whole: Draft = {
    method: early.method,
    target: early.target,
    headers: [
      ['host', host],
      ...Object.entries(shown),
      ...(text === undefined ? [] : [['content-type', 'application/json'] as const]),
    ],
    body: sentText === undefined ? undefined : Buffer.from(sentText),
    framing: [],
    isAlone: false,
  }
  const drafted = kinds.reduce((now, kind) => LATER[kind]?.(now, random) ?? now, packed(whole, packing, random))
  const framed: Draft = {
    ...drafted,
    framing: drafted.body === undefined ? [] : [['content-length', String(drafted.body.length)]],
  }
  const last = kinds.includes('framing') ? mutatedFraming(framed, random) : framed
  const bytes = bytesOf(last)
  const spoilt = kinds.includes('head') ? spoiltHead(bytes, random) : bytes
  return {
    bytes: spoilt,
    method: last.method,
    isAlone: last.isAlone || kinds.includes('head'),
    target: last.target,
    mutations: kinds,
  }
}

const EARLIER: Partial<Record<Kind, (now: Valid, random: Random) => Valid>> = {
  method: (now, random) => ({ ...now, method: random.pick(METHODS) }),
  path: (now, random) => {
    const [path = '', query = ''] = now.target.split(/(?=\?)/)
    return { ...now, target: mutatedPath(path, random) + query }
  },
  query: (now, random) => ({ ...now, target: mutatedQuery(now.target, random) }),
  structure: (now, random) => (now.body === undefined ? now : { ...now, body: mutateStructure(now.body, random) }),
}

const LATER: Partial<Record<Kind, (now: Draft, random: Random) => Draft>> = {
  bodyBytes: (now, random) => (now.body === undefined ? now : { ...now, body: mutateBytes(now.body, random) }),
  credentials: (now, random) => ({ ...now, headers: mutatedCredentials(now.headers, random) }),
  header: (now, random) => ({ ...now, headers: mutatedHeaders(now.headers, random) }),
}

/** For whom a mutation can have changed nothing of who asks and what is asked. */
export function isAsAsked(mutations: readonly string[]): boolean {
  return !mutations.some((kind) =>
    ['method', 'path', 'query', 'head', 'framing', 'credentials', 'header'].includes(kind),
  )
}
