import { cut, digestOf, type Part } from '../../protocol/verify-digest'
import type { VerifyRequest } from '../../schemas/generated/types'
import type { OnlyAtHub } from './only-at-hub'
import type { Snapshot } from './snapshot'

export type Range = VerifyRequest['ranges'][number]

/** What follows an id: nothing sorts between the two. */
const NEXT = '\0'

/** What is compared: documents of the snapshot without those that are not settled, and what else is known to be there. */
export class Ranges {
  readonly #except: ReadonlySet<string>
  readonly #unnamed: ReadonlySet<string>

  /** @param deletions  which of them are named: `new` leaves out those that an earlier receipt covers */
  constructor(
    readonly snapshot: Snapshot,
    readonly onlyAtHub: OnlyAtHub,
    except: Iterable<string>,
    deletions: 'new' | 'all',
  ) {
    this.#except = new Set(except)
    this.#unnamed = deletions === 'new' ? snapshot.covered : new Set()
  }

  /** A range begins right after the id before it, so that what only the hub has is in one of them too. */
  asked({ first, last }: Part, list = false): Range {
    const { ids, deleted } = this.snapshot
    const from = this.#startsAtItsOwn(first) ? (ids[first] ?? '') : `${ids[first - 1]}${NEXT}`
    const to = ids[last] ?? ''
    const gone = ids.slice(first, last + 1).filter((id) => deleted.has(id) && this.#isCompared(id))
    const except = [...this.#except].filter((id) => from <= id && id <= to)
    return {
      from,
      to,
      ...(gone.length > 0 && { deleted: gone }),
      ...(except.length > 0 && { except }),
      ...(list && { list }),
    }
  }

  /** What the hub's answer is if it agrees. */
  expected(part: Part): { count: number; digest: string } {
    const items = this.places(part).map((place) => this.item(place))
    for (let place = part.first; place <= part.last; place++) {
      if (!this.#startsAtItsOwn(place)) items.push(...this.onlyAtHub.before(this.snapshot.ids[place] ?? ''))
    }
    return { count: items.length, digest: digestOf(items) }
  }

  /**
   * Takes the hub's list of a range: returns the places whose documents are not in it, and remembers what is in it that
   * the edge does not have.
   */
  missingIn(part: Part, listed: readonly bigint[]): number[] {
    const places = this.places(part)
    const placeOf = new Map(places.map((place) => [this.item(place), place]))
    const found = new Set<number>()
    const extras = new Map<number, bigint[]>()
    let waiting: bigint[] = []
    for (const item of listed) {
      const place = placeOf.get(item)
      if (place === undefined) waiting.push(item)
      else {
        found.add(place)
        extras.set(place, waiting)
        waiting = []
      }
    }
    if (waiting.length > 0) extras.set(part.last, [...(extras.get(part.last) ?? []), ...waiting])
    for (let place = part.first; place <= part.last; place++) {
      const id = this.snapshot.ids[place] ?? ''
      if (!this.onlyAtHub.isSkipped(id)) this.onlyAtHub.learn(id, extras.get(place) ?? [])
    }
    return places.filter((place) => !found.has(place))
  }

  /** In parts of `most` documents at most, and a new part where a gap is passed over. */
  parts(whole: Part, most: number): Part[] {
    const parts: Part[] = []
    let first = whole.first
    for (let place = whole.first + 1; place <= whole.last; place++) {
      if (!this.#startsAtItsOwn(place)) continue
      parts.push(...cut({ first, last: place - 1 }, most))
      first = place
    }
    return [...parts, ...cut({ first, last: whole.last }, most)]
  }

  /** The places of a part that are compared. */
  places({ first, last }: Part): number[] {
    const places: number[] = []
    for (let place = first; place <= last; place++) {
      if (this.#isCompared(this.snapshot.ids[place] ?? '')) places.push(place)
    }
    return places
  }

  item(place: number): bigint {
    return this.snapshot.items[place] ?? 0n
  }

  #isCompared(id: string): boolean {
    return !this.#except.has(id) && !this.#unnamed.has(id)
  }

  #startsAtItsOwn(place: number): boolean {
    return place === 0 || this.onlyAtHub.isSkipped(this.snapshot.ids[place] ?? '')
  }
}
