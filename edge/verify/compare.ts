import { addedTo, cut, itemsIn, NOTHING_YET, type Part } from '../../protocol/verify-digest'
import type { Receipt, VerifyAnswer } from '../../schemas/generated/types'
import { HubUnavailable, type VerifyHub } from './ask-hub'
import type { OnlyAtHub } from './only-at-hub'
import { Ranges } from './ranges'
import type { Snapshot } from './snapshot'

export interface Comparison {
  /** Places of the snapshot whose documents the hub does not show in that revision. */
  missing: number[]
  /** Compared, without those that were left out. */
  documents: number
  /** Where all agreed; not looked at yet. */
  receipt?: Receipt
  /** What the receipt must say. */
  expected: { count: number; digest: string }
  /** What was left out at any time. */
  leftOut: ReadonlySet<string>
}

export interface CompareParts {
  snapshot: Snapshot
  onlyAtHub: OnlyAtHub
  /** Ids that the hub may have in another revision for now: written since, or refused. */
  unsettled: () => Promise<Iterable<string>>
  hub: VerifyHub
  nonce: string
  signal: AbortSignal
  compared: (documents: number) => void
}

/** A facility of 100,000 documents is 25 ranges. */
const RANGE = 4_096
/** In one request: the hub reads them all before it answers. */
const RANGES_AT_ONCE = 6
/** Where a range differs, its parts; the smaller ones are listed. */
const PARTS = 16
const LISTED = 256
const PARTS_AT_ONCE = 96
const LISTS_AT_ONCE = 32
/** Somebody who writes while a request is under way makes its ranges differ: they are asked once more. */
const TRIES = 2

/** Compares all that is settled: range by range, and where one differs, its parts. */
export async function compare(parts: CompareParts): Promise<Comparison> {
  const { snapshot, onlyAtHub, unsettled } = parts
  const whole = { first: 0, last: snapshot.ids.length - 1 }
  const layout = new Ranges(snapshot, onlyAtHub, [], 'new')
  const leftOut = new Set<string>()
  const queue = layout.parts(whole, RANGE)
  let expected = { count: 0, digest: NOTHING_YET }
  let pass: { begin: { nonce: string; upTo: number } } | { pass: string } | undefined = {
    begin: { nonce: parts.nonce, upTo: snapshot.upTo },
  }
  const differing: Part[] = []
  let documents = 0
  let receipt: Receipt | undefined
  let at = 0
  do {
    const asked = queue.slice(at, at + RANGES_AT_ONCE)
    for (let tries = 1; ; tries++) {
      const except = [...(await unsettled())]
      for (const id of except) leftOut.add(id)
      const ranges = new Ranges(snapshot, onlyAtHub, except, 'new')
      const isLast = at + asked.length >= queue.length
      const wanted = asked.map((part) => ranges.expected(part))
      const sum = wanted.reduce(
        (before, one) => ({ count: before.count + one.count, digest: addedTo(before.digest, one) }),
        expected,
      )
      const answer: VerifyAnswer = await parts.hub.verify(
        { ranges: asked.map((part) => ranges.asked(part)), ...pass, ...(pass && isLast && { finish: sum }) },
        parts.signal,
      )
      const answered = asked.slice(0, answer.ranges.length)
      if (answered.length === 0 && asked.length > 0) throw new HubUnavailable('The hub answered nothing.', 'hub')
      const wrong = answered.filter((_, index) => !isSame(answer.ranges[index], wanted[index]))
      if (wrong.length > 0 && tries < TRIES) continue
      differing.push(...wrong)
      pass = wrong.length === 0 && answer.pass !== undefined ? { pass: answer.pass } : undefined
      receipt = wrong.length === 0 ? answer.receipt : undefined
      for (const one of wanted.slice(0, answered.length)) {
        expected = { count: expected.count + one.count, digest: addedTo(expected.digest, one) }
      }
      documents += answered.reduce((sum, part) => sum + ranges.places(part).length, 0)
      parts.compared(documents)
      at += answered.length
      break
    }
  } while (at < queue.length)
  const missing = await descend(differing, parts)
  return { missing, documents, expected, leftOut, ...(differing.length === 0 && receipt && { receipt }) }
}

type Answered = VerifyAnswer['ranges'][number]

function isSame(answer: Answered | undefined, wanted: { count: number; digest: string } | undefined): boolean {
  return answer !== undefined && 'count' in answer && answer.count === wanted?.count && answer.digest === wanted.digest
}

/** What is still open: a part that may differ, or one that does and whose items are asked for. */
interface Open {
  part: Part
  list: boolean
}

/** From what differs down to the documents, level by level: digests of its parts, and lists of those that differ. */
async function descend(differing: readonly Part[], parts: CompareParts): Promise<number[]> {
  const { snapshot, onlyAtHub, unsettled, hub, signal } = parts
  const missing: number[] = []
  let open = differing.flatMap(opened)
  while (open.length > 0) {
    const list = open[0]?.list === true
    const asked = open.filter((one) => one.list === list).slice(0, list ? LISTS_AT_ONCE : PARTS_AT_ONCE)
    const ranges = new Ranges(snapshot, onlyAtHub, await unsettled(), 'all')
    const answer = await hub.verify({ ranges: asked.map(({ part }) => ranges.asked(part, list)) }, signal)
    const answered = asked.slice(0, answer.ranges.length)
    if (answered.length === 0) throw new HubUnavailable('The hub answered nothing.', 'hub')
    const next: Open[] = []
    for (const [index, { part }] of answered.entries()) {
      const seen = answer.ranges[index]
      if (!seen || isSame(seen, ranges.expected(part))) continue
      if ('tooMany' in seen) next.push(...narrowed(part, snapshot, onlyAtHub))
      else if (seen.count === 0) missing.push(...ranges.missingIn(part, []))
      else if (!list) next.push(...opened(part))
      else missing.push(...ranges.missingIn(part, listIn(seen.items)))
    }
    const done = new Set(answered)
    open = [...next, ...open.filter((one) => !done.has(one))]
  }
  return missing.sort((a, b) => a - b)
}

/** A part that differs. */
function opened(part: Part): Open[] {
  if (sizeOf(part) <= LISTED) return [{ part, list: true }]
  return cut(part, Math.max(LISTED, Math.ceil(sizeOf(part) / PARTS))).map((smaller) => ({ part: smaller, list: false }))
}

/** More is there than the hub looks at for one range: asked in parts, and the last of them without what is before it. */
function narrowed(part: Part, snapshot: Snapshot, onlyAtHub: OnlyAtHub): Open[] {
  if (sizeOf(part) > 1) {
    return cut(part, Math.ceil(sizeOf(part) / PARTS)).map((smaller) => ({ part: smaller, list: false }))
  }
  const id = snapshot.ids[part.first] ?? ''
  if (onlyAtHub.isSkipped(id)) throw new HubUnavailable('The hub gave an unusable answer.', 'hub')
  onlyAtHub.skip(id)
  return [{ part, list: true }]
}

function sizeOf({ first, last }: Part): number {
  return last - first + 1
}

function listIn(text: string | undefined): bigint[] {
  try {
    if (text !== undefined) return itemsIn(text)
  } catch {
    // Below.
  }
  throw new HubUnavailable('Something else answers in place of the hub.')
}
