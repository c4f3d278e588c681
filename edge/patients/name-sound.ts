/**
 * How a word of a name sounds, for spellings that people in Indonesia use for one name: Soekarno and Sukarno, Djoko and Joko,
 * Tjahjadi and Cahyadi, Yusuf, Jusuf and Yusup, Achmad, Akhmad and Ahmad, Moh. and Muhammad. Two words that sound alike have the
 * same text; it is no word of any language. A longer word begins, as a rule, with the sound of its beginning.
 *
 * @param word  lower case, as `wordsOf` gives it
 */
export function soundOf(word: string): string {
  const known = KNOWN.get(word)
  if (known !== undefined) return known
  if (KNOWN.size >= MOST_KNOWN) KNOWN.clear()
  const sound = soundByRules(word)
  KNOWN.set(word, sound)
  return sound
}

/** The same few thousand words of names come again and again. */
const KNOWN = new Map<string, string>()
const MOST_KNOWN = 10_000

function soundByRules(word: string): string {
  const whole = ABBREVIATED.get(word) ?? (MUHAMMAD.test(word) ? 'muhamad' : word)
  return RULES.reduce((sound, [pattern, replacement]) => sound.replace(pattern, replacement), whole)
}

/** What is rarely written out. */
const ABBREVIATED: ReadonlyMap<string, string> = new Map([
  ...['moh', 'mohd', 'moch', 'muh', 'mhd', 'muhd'].map((word) => [word, 'muhamad'] as const),
  ['abd', 'abdul'],
  ['abdl', 'abdul'],
  ['st', 'siti'],
  ['yoh', 'yohanes'],
  ['fx', 'fransiskus'],
])

/** Mohamad, Mochammad, Muhamed, Mukhamat, … */
const MUHAMMAD = /^m[ou](?:h|ch|kh)+a?m+[ae][dt]$/

/** In their order: what an earlier rule writes, a later one reads. */
const RULES: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // The spelling of before 1972, and of before 1947.
  [/oe/g, 'u'],
  [/dj/g, 'j'],
  [/tj/g, 'c'],
  [/^nj/, 'ny'],
  [/s[jyh]/g, 's'],
  [/^chr/, 'kr'],
  [/[ck]h/g, 'h'],
  // Letters for one sound.
  [/ph|[fv]/g, 'p'],
  [/z/g, 's'],
  [/q|ck/g, 'k'],
  [/x/g, 'ks'],
  [/([tdbgr])h/g, '$1'],
  [/ae/g, 'ai'],
  [/^o/, 'u'],
  // i, y and j: Sulistyo and Soelistijo; Cahyadi and Tjahjadi; Wijaya and Widjaja; Yusuf and Jusuf; Rudy and Rudi.
  [/ie|i[yj](?=[aeou])/g, 'i'],
  [/([^aeioun])j(?=[aeou])/g, '$1i'],
  [/(^|[aeou])y(?=[aeiou])/g, '$1j'],
  [/y/g, 'i'],
  [/(.)\1+/g, '$1'],
  // Aisyah and Aisya.
  [/(?<=..)h$/, ''],
]
