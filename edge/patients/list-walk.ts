import type { AbstractIterator } from 'abstract-level'
import type { StatePart } from '../store/state'
import { type Line, lineOf } from './found-patient'

/** `<list>␀<place>` → the patient's line. Within a list the places are in order: newest first. */
export type Lists = StatePart<string>

export interface Standing {
  place: string
  line: Line
}

const FIRST_KEYS = 32
const MOST_KEYS = 1_024
/** Sorts after every place. */
const LAST = '\uffff'

/** Patients of several lists, each once, newest first, from behind a place on. Reads as far as it is asked. */
export async function* walkLists(lists: Lists, names: readonly string[], after: string): AsyncGenerator<Standing> {
  const readers = names.map((name) => new ListReader(lists, name, after))
  try {
    await Promise.all(readers.map((reader) => reader.step()))
    for (;;) {
      let first: string | undefined
      for (const { at } of readers) if (at !== undefined && (first === undefined || at < first)) first = at
      if (first === undefined) return
      const standing = readers.find(({ at }) => at === first)
      yield { place: first, line: lineOf(standing?.text ?? '|') }
      for (const reader of readers) if (reader.at === first && !reader.stepInBatch()) await reader.step()
    }
  } finally {
    await Promise.all(readers.map((reader) => reader.close()))
  }
}

/** How many patients stand in lists, counted up to `most`. */
export async function countIn(lists: Lists, names: readonly string[], most: number): Promise<number> {
  let count = 0
  for (const name of names) {
    if (count >= most) break
    count += (await lists.keys({ gt: keyIn(name, ''), lt: keyIn(name, LAST), limit: most - count }).all()).length
  }
  return count
}

/** Those of some lists in which anybody stands. One walk over them, which leaps over what is not there. */
export async function listsThere(lists: Lists, names: readonly string[]): Promise<string[]> {
  const keys = lists.keys()
  const found: string[] = []
  let next = ''
  try {
    for (const name of [...names].sort()) {
      const start = keyIn(name, '')
      if (next > `${start}${LAST}`) continue
      keys.seek(start)
      const key = await keys.next()
      if (key === undefined) break
      next = key
      if (key.startsWith(start)) found.push(name)
    }
    return found
  } finally {
    await keys.close()
  }
}

export function keyIn(list: string, place: string): string {
  return `${list}\u0000${place}`
}

class ListReader {
  readonly #entries: AbstractIterator<Lists, string, string>
  readonly #start: number
  #batch: [string, string][] = []
  #index = 0
  #size = FIRST_KEYS

  constructor(lists: Lists, name: string, after: string) {
    this.#entries = lists.iterator({ gt: keyIn(name, after), lt: keyIn(name, LAST) })
    this.#start = name.length + 1
  }

  /** Undefined at the end. */
  get at(): string | undefined {
    return this.#batch[this.#index]?.[0].slice(this.#start)
  }

  get text(): string | undefined {
    return this.#batch[this.#index]?.[1]
  }

  /** False where the next one has to be read first. */
  stepInBatch(): boolean {
    this.#index++
    return this.#index < this.#batch.length
  }

  async step(): Promise<void> {
    this.#batch = await this.#entries.nextv(this.#size)
    this.#index = 0
    this.#size = Math.min(this.#size * 2, MOST_KEYS)
  }

  close(): Promise<void> {
    return this.#entries.close()
  }
}
