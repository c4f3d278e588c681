import { listOf, MOST_LIST_LETTERS } from './found-patient'
import { countIn, type Lists, walkLists } from './list-walk'
import { beginningsWithinOne, LEVELS, levelOfName, SHORTEST_ONE_OFF, TypedWord } from './name-levels'

/** Counted so far to find the typed word that fits the fewest patients. */
const PROBED = 1_000
/** Names of one or two letters are rarely meant by that many letters: they stand among those which begin so. */
const SHORTEST_EXACT = 3
/** Lists of a slip of the finger; more are not looked into. */
const MOST_SLIPS = 24

/**
 * Patients in whose name every typed word has its place, level by level: written so, beginning so, sounding so, and with one letter
 * wrong. Within a level the newest are first.
 */
export async function* walkNamed(
  lists: Lists,
  { words, born = '' }: { words: readonly string[]; born?: string },
  start: { tier: number; place: string },
): AsyncGenerator<{ tier: number; place: string }> {
  const typed = words.map((word) => new TypedWord(word))
  const first = typed.every(({ word }) => word.length >= SHORTEST_EXACT) ? LEVELS.exact : LEVELS.begins
  for (let tier = Math.max(first, start.tier); tier <= LEVELS.oneOff; tier++) {
    const names = await fewest(lists, typed, tier)
    for await (const { place, line } of walkLists(lists, names, tier === start.tier ? start.place : '')) {
      if (!line.birthDate.startsWith(born)) continue
      if (Math.max(first, levelOfName(typed, line.words)) === tier) yield { tier, place }
    }
  }
}

/** The lists that hold all patients of this level, of the typed word which has the fewest. */
async function fewest(lists: Lists, typed: readonly TypedWord[], tier: number): Promise<string[]> {
  const choices = await Promise.all(typed.map((one) => listsFor(lists, one, tier)))
  if (choices.length === 1) return choices[0] ?? []
  const counts = await Promise.all(choices.map((names) => countIn(lists, names, PROBED)))
  return choices[counts.indexOf(Math.min(...counts))] ?? []
}

async function listsFor(lists: Lists, { word, sound }: TypedWord, tier: number): Promise<string[]> {
  const names = new Set([beginningOf(word)])
  if (tier >= LEVELS.sounds) names.add(beginningOf(sound))
  if (tier >= LEVELS.oneOff && sound.length >= SHORTEST_ONE_OFF) {
    for (const name of await slipsOf(lists, sound)) names.add(name)
  }
  return [...names].map(listOf.letters)
}

async function slipsOf(lists: Lists, sound: string): Promise<string[]> {
  const found: string[] = []
  const beginnings = [...beginningsWithinOne(sound, MOST_LIST_LETTERS)].filter((text) => text.length >= SHORTEST_EXACT)
  const counts = await Promise.all(beginnings.map((text) => countIn(lists, [listOf.letters(text)], 1)))
  for (const [index, count] of counts.entries()) {
    if (count > 0 && found.length < MOST_SLIPS) found.push(beginnings[index] ?? '')
  }
  return found
}

function beginningOf(word: string): string {
  return word.slice(0, MOST_LIST_LETTERS)
}
