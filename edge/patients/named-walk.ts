import { listOf, MOST_LIST_LETTERS } from './found-patient'
import { countIn, type Lists, listsThere, walkLists } from './list-walk'
import { beginningsWithinOne, LEVELS, levelOfName, SHORTEST_ONE_OFF, TypedWord } from './name-levels'

/** Counted so far to find the typed word that fits the fewest patients. */
const PROBED = 500
/** Names of one or two letters are rarely meant by that many letters: they stand among those which begin so. */
const SHORTEST_EXACT = 3
/** Lists of a slip of the finger; more are not looked into. */
const MOST_SLIPS = 24
/** Of a level that has to wait until a better one is through; no page holds more. */
export const MOST_AT_ONCE = 201

export interface Step {
  /** A level. */
  tier: number
  place: string
}

/**
 * Patients in whose name every typed word has its place, level by level: written so, beginning so, sounding so, and with one letter
 * wrong. Within a level the newest are first. Gives MOST_AT_ONCE of a level at the most; others come from a start behind them.
 */
export async function* walkNamed(
  lists: Lists,
  { words, born = '' }: { words: readonly string[]; born?: string },
  start: Step,
): AsyncGenerator<Step> {
  const typed = words.map((word) => new TypedWord(word))
  const driver = await fewest(lists, typed)
  if (!driver) return
  const first = typed.every(({ word }) => word.length >= SHORTEST_EXACT) ? LEVELS.exact : LEVELS.begins
  const levelOf = (line: { words: readonly string[]; birthDate: string }) =>
    line.birthDate.startsWith(born) ? Math.max(first, levelOfName(typed, line.words)) : undefined
  if (start.tier <= LEVELS.sounds) {
    const from = { tier: Math.max(first, start.tier), place: start.place }
    yield* walkLevels(lists, listsFor(driver), levelOf, from, LEVELS.sounds)
  }
  if (typed.every(({ sound }) => sound.length < SHORTEST_ONE_OFF)) return
  const slips = await slipsOf(lists, driver.sound)
  const from = { tier: LEVELS.oneOff, place: start.tier === LEVELS.oneOff ? start.place : '' }
  yield* walkLevels(lists, [...new Set([...listsFor(driver), ...slips])], levelOf, from, LEVELS.oneOff)
}

/** The levels from the start's to the last, in one walk: what is of the first one at once, the others as it ends. */
async function* walkLevels(
  lists: Lists,
  names: readonly string[],
  levelOf: (line: { words: readonly string[]; birthDate: string }) => number | undefined,
  start: Step,
  last: number,
): AsyncGenerator<Step> {
  const waiting: Step[][] = []
  // With one level left, nothing before the place is of interest.
  const after = start.tier === last ? start.place : ''
  for await (const { place, line } of walkLists(lists, names, after)) {
    const tier = levelOf(line)
    if (tier === undefined || tier < start.tier || tier > last) continue
    if (tier === start.tier) {
      if (place > start.place) yield { tier, place }
      continue
    }
    waiting[tier] ??= []
    const others = waiting[tier]
    if (others.length < MOST_AT_ONCE) others.push({ tier, place })
  }
  for (const steps of waiting) if (steps) yield* steps
}

async function fewest(lists: Lists, typed: readonly TypedWord[]): Promise<TypedWord | undefined> {
  if (typed.length < 2) return typed[0]
  const counts = await Promise.all(typed.map((one) => countIn(lists, listsFor(one), PROBED)))
  // Where all are frequent the longest is, as a rule, the rarest.
  const least = Math.min(...counts)
  return typed.filter((_, index) => counts[index] === least).sort((a, b) => b.word.length - a.word.length)[0]
}

/** Where all stand who begin with a word, or sound so. */
function listsFor({ word, sound }: TypedWord): string[] {
  return [...new Set([beginningOf(word), beginningOf(sound)])].map(listOf.letters)
}

async function slipsOf(lists: Lists, sound: string): Promise<string[]> {
  if (sound.length < SHORTEST_ONE_OFF) return []
  const beginnings = [...beginningsWithinOne(sound, MOST_LIST_LETTERS)].filter((text) => text.length >= SHORTEST_EXACT)
  return (await listsThere(lists, beginnings.map(listOf.letters))).slice(0, MOST_SLIPS)
}

function beginningOf(word: string): string {
  return word.slice(0, MOST_LIST_LETTERS)
}
