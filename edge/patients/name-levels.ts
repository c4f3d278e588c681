import { soundOf } from './name-sound'

/** How well a word of a name fits a typed one: less is better. */
export const LEVELS = { exact: 0, begins: 1, sounds: 2, oneOff: 3 } as const
export const NO_FIT = 4

/** Shorter ones sound like too much, or are one letter away from everything. */
const SHORTEST_SOUND = 2
export const SHORTEST_ONE_OFF = 5

/** Compares one typed word with words of names; each is worked out once. */
export class TypedWord {
  readonly sound: string
  readonly #levels = new Map<string, number>()

  constructor(readonly word: string) {
    this.sound = soundOf(word)
  }

  levelOf(nameWord: string): number {
    const known = this.#levels.get(nameWord)
    if (known !== undefined) return known
    const level = levelBetween(this.word, this.sound, nameWord)
    this.#levels.set(nameWord, level)
    return level
  }
}

/** The level of a whole name: that of the typed word which fits it worst. */
export function levelOfName(typed: readonly TypedWord[], nameWords: readonly string[]): number {
  let worst = 0
  for (const one of typed) {
    let best: number = NO_FIT
    for (const word of nameWords) best = Math.min(best, one.levelOf(word))
    worst = Math.max(worst, best)
  }
  return worst
}

function levelBetween(typed: string, typedSound: string, nameWord: string): number {
  if (typed === nameWord) return LEVELS.exact
  if (nameWord.startsWith(typed)) return LEVELS.begins
  const sound = soundOf(nameWord)
  if (typedSound.length >= SHORTEST_SOUND && sound.startsWith(typedSound)) return LEVELS.sounds
  return typedSound.length >= SHORTEST_ONE_OFF && beginsWithinOne(sound, typedSound) ? LEVELS.oneOff : NO_FIT
}

/**
 * Whether a text begins with another one but for one letter that is too many, too few, another one, or changed places with its
 * neighbour.
 */
export function beginsWithinOne(text: string, beginning: string): boolean {
  let at = 0
  while (at < beginning.length && text[at] === beginning[at]) at++
  const rest = beginning.slice(at + 1)
  return (
    at === beginning.length ||
    text.startsWith(beginning.slice(at), at + 1) ||
    text.startsWith(rest, at) ||
    text.startsWith(rest, at + 1) ||
    (text[at] === beginning[at + 1] &&
      text[at + 1] === beginning[at] &&
      text.startsWith(beginning.slice(at + 2), at + 2))
  )
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'

/** How the words can begin that `beginsWithinOne` takes: some 300 beginnings of `length` letters, most of them no name's. */
export function beginningsWithinOne(word: string, length: number): Set<string> {
  const found = new Set<string>()
  for (let at = 0; at <= Math.min(word.length, length); at++) {
    const [before, after] = [word.slice(0, at), word.slice(at)]
    found.add(before + after.slice(1))
    found.add(before + after.charAt(1) + after.charAt(0) + after.slice(2))
    for (const letter of LETTERS) {
      found.add(before + letter + after)
      found.add(before + letter + after.slice(1))
    }
  }
  return new Set([...found].map((text) => text.slice(0, length)))
}
