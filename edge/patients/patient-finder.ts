import { CodedError } from '../../protocol/error-codes'
import { documentIdOf } from '../../protocol/ids'
import type { PatientSummary } from '../../schemas/generated/types'
import type { EhrStore } from '../store/ehr'
import { FeedFollower } from '../store/feed-follower'
import type { EdgeState, StateChange, StatePart } from '../store/state'
import {
  type FoundPatient,
  foundPatientOf,
  lineText,
  listOf,
  listsOf,
  mrnAt,
  nationalNumber,
  placeIn,
} from './found-patient'
import { keyIn, type Lists, walkLists } from './list-walk'
import { MOST_AT_ONCE, type Step, walkNamed } from './named-walk'
import { type Question, questionOf } from './question'

/** To be raised with whatever changes the lists or what stands in them: they are made anew then. */
const FORM = 1
/** Whoever has more of one number types on. */
const MOST_BY_NUMBER = 50
const SHORTEST_NUMBER = 3
const SHORTEST_IDENTIFIER = 4
const LAST = '\uffff'

export interface FoundPage {
  patients: PatientSummary[]
  /** The position to go on from; absent at the end. */
  next?: string
}

export interface FinderTools {
  store: EhrStore
  state: EdgeState
  externalId: string
  now: () => Date
}

/**
 * Finds patients while somebody types. For every beginning of a word of a name, as it is written and as it sounds, there is a list
 * in LevelDB, newest first, whose lines hold all words of the name: an answer reads one list as far as the page needs, and keeps
 * nothing in memory.
 */
export class PatientFinder {
  /** MRN → what stands in the lists. */
  readonly #found: StatePart<FoundPatient>
  /** `<list>␀<inverse time><MRN>` → line. */
  readonly #lists: Lists
  readonly #follower: FeedFollower

  constructor(readonly tools: FinderTools) {
    const { store, state } = tools
    this.#found = state.part('found-patients')
    this.#lists = state.texts('found-lists')
    this.#follower = new FeedFollower(store, state, state.part('found-progress'), {
      form: FORM,
      changesFor: (mrn) => this.#changesFor(mrn),
      clear: async () => void (await Promise.all([this.#found.clear(), this.#lists.clear()])),
    })
  }

  /**
   * Best first: what is written so before other spellings, and the newest before others; 200 at the most. Throws INVALID_REQUEST
   * for a position that no answer gave.
   */
  async find(text: string, { after, limit }: { after?: string; limit: number }): Promise<FoundPage> {
    await this.#follower.catchUp()
    const question = questionOf(text, this.tools.now())
    const start: Step = after === undefined ? { tier: 0, place: '' } : stepOf(after)
    const most = Math.min(limit, MOST_AT_ONCE - 1)
    const steps: Step[] = []
    for await (const step of this.#walk(question, start)) {
      steps.push(step)
      if (steps.length > most) break
    }
    const shown = steps.slice(0, most)
    const last = shown.at(-1)
    const patients = await this.#summaries(shown.map(({ place }) => mrnAt(place)))
    return steps.length > most && last ? { patients, next: textOf(last) } : { patients }
  }

  /** Everybody born on a day, or in a month or year, up to `limit`. */
  async bornOn(date: string, limit: number): Promise<PatientSummary[]> {
    return this.#of({ kind: 'born', born: date }, limit)
  }

  /** Who has this phone number or identifier, up to `limit`. */
  async withNumber(digits: string, limit: number): Promise<PatientSummary[]> {
    return this.#of({ kind: 'number', digits }, limit)
  }

  catchUp(): Promise<void> {
    return this.#follower.catchUp()
  }

  stop(): Promise<void> {
    return this.#follower.stop()
  }

  async #of(question: Question, limit: number): Promise<PatientSummary[]> {
    await this.#follower.catchUp()
    const mrns: string[] = []
    for await (const { place } of this.#walk(question, { tier: 0, place: '' })) {
      if (mrns.push(mrnAt(place)) === limit) break
    }
    return this.#summaries(mrns)
  }

  async *#walk(question: Question, start: Step): AsyncGenerator<Step> {
    switch (question.kind) {
      case 'everybody':
        return yield* this.#list(listOf.everybody(), start.place)
      case 'born':
        return yield* this.#list(listOf.born(question.born), start.place)
      case 'named':
        return yield* walkNamed(this.#lists, question, start)
      case 'number': {
        const hits = await this.#byNumber(question.digits)
        if (start.tier === 0)
          for (const place of hits) if (!isBehind(hits, start.place, place)) yield { tier: 0, place }
        if (question.born === undefined) return
        const from = start.tier === 1 ? start.place : ''
        for await (const { place } of this.#list(listOf.born(question.born), from))
          if (!hits.includes(place)) yield { tier: 1, place }
      }
    }
  }

  async *#list(name: string, after: string): AsyncGenerator<Step> {
    for await (const { place } of walkLists(this.#lists, [name], after)) yield { tier: 0, place }
  }

  /** Places of whom a number leads to, the whole number before its beginning. */
  async #byNumber(typed: string): Promise<string[]> {
    const mrn = typed.toUpperCase()
    const phone = nationalNumber(typed)
    const padded = [8, 7].filter((length) => typed.length <= length).map((length) => typed.padStart(length, '0'))
    const mrns = [mrn, ...padded.map((digits) => `${this.tools.externalId}${digits}`)]
    const limit = MOST_BY_NUMBER
    if (mrn.length > SHORTEST_NUMBER)
      mrns.push(...(await this.#found.keys({ gt: mrn, lt: `${mrn}${LAST}`, limit }).all()))
    const found = await this.#found.getMany(mrns.slice(0, limit))
    const places = found.flatMap((one) => (one ? [placeIn(one)] : []))
    if (phone.length >= SHORTEST_NUMBER) places.push(...(await this.#beginningWith(listOf.phone(phone))))
    if (typed.length >= SHORTEST_IDENTIFIER)
      places.push(...(await this.#beginningWith(listOf.identifier(typed.toLowerCase()))))
    return [...new Set(places)].slice(0, limit)
  }

  async #beginningWith(list: string): Promise<string[]> {
    const keys = await this.#lists.keys({ gte: list, lt: `${list}${LAST}`, limit: MOST_BY_NUMBER }).all()
    return keys.map((key) => key.slice(key.indexOf('\u0000') + 1))
  }

  async #summaries(mrns: readonly string[]): Promise<PatientSummary[]> {
    const found = await this.#found.getMany([...mrns])
    return found.flatMap((one) => (one ? [one.summary] : []))
  }

  async #changesFor(mrn: string): Promise<StateChange[]> {
    const [before, stored] = await Promise.all([
      this.#found.get(mrn),
      this.tools.store.get(documentIdOf({ partition: mrn, type: 'Patient' })),
    ])
    const after = stored.kind === 'present' ? foundPatientOf(stored.document) : undefined
    const changes: StateChange[] = []
    for (const list of before ? listsOf(before) : [])
      changes.push({ type: 'del', sublevel: this.#lists, key: keyIn(list, placeIn(before as FoundPatient)) })
    for (const list of after ? listsOf(after) : [])
      changes.push({
        type: 'put',
        sublevel: this.#lists,
        key: keyIn(list, placeIn(after as FoundPatient)),
        value: lineText(after as FoundPatient),
      })
    if (after) changes.push({ type: 'put', sublevel: this.#found, key: mrn, value: after })
    else if (before) changes.push({ type: 'del', sublevel: this.#found, key: mrn })
    return changes
  }
}

/** Whether a place was shown before: it stands no later than the one that a page ended with. */
function isBehind(places: readonly string[], last: string, place: string): boolean {
  return last !== '' && places.indexOf(place) <= places.indexOf(last)
}

function textOf({ tier, place }: Step): string {
  return Buffer.from(`${tier}.${place}`).toString('base64url')
}

function stepOf(text: string): Step {
  const [, tier, place] = /^([0-3])\.([0-9a-z]{9}[A-Z0-9]{1,20})$/.exec(Buffer.from(text, 'base64url').toString()) ?? []
  if (tier === undefined || place === undefined)
    throw new CodedError('INVALID_REQUEST', 'cursor must be the "next" of an earlier answer.')
  return { tier: Number(tier), place }
}
