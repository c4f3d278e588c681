/** NIST SP 800-63B asks for 15 without a second factor and 8 with one; wrong tries are few here. */
export const LEAST_CHARACTERS = 12
const LEAST_DIFFERENT = 5
/** A run of keyboard, alphabet or digits, either way, that counts as one character. */
const RUNS = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', '1qaz2wsx3edc4rfv']
const RUN_CHARACTERS = 4

/** What people and lists of guesses begin with, here. */
const COMMON_WORDS = [
  ...['password', 'passwort', 'passw0rd', 'p4ssw0rd', 'rahasia', 'sandi', 'katasandi', 'admin', 'administrator'],
  ...['operator', 'viewer', 'auditor', 'lontar', 'indonesia', 'kemenkes', 'kementerian', 'kesehatan', 'puskesmas'],
  ...['rumahsakit', 'klinik', 'dokter', 'health', 'hospital', 'ministry', 'welcome', 'selamat', 'letmein', 'secret'],
  ...['changeme', 'gantisaya', 'merdeka', 'jakarta', 'bismillah', 'sayang', 'iloveyou', 'monkey', 'dragon', 'root'],
]

/**
 * Why a password is not taken, in words; undefined where it is. What is left once common words, the own name and runs are
 * taken out must still be something: `Password2026!!` is nothing, four words are a lot.
 */
export function weaknessOf(password: string, name: string, leastCharacters = LEAST_CHARACTERS): string | undefined {
  const text = password.normalize('NFKC')
  if ([...text].length < leastCharacters) return `The password must have at least ${leastCharacters} characters.`
  const lower = text.toLowerCase()
  if (new Set(lower).size < LEAST_DIFFERENT) return 'The password repeats a few characters.'
  if (isRepetition(lower)) return 'The password repeats itself.'
  const rest = without(lower, [
    name,
    ...name.split(/[._-]/).filter((part) => part.length > 2),
    ...COMMON_WORDS,
    ...runsIn(lower),
  ])
  // Years, dates and signs around a word are the first that is guessed.
  const left = rest.replace(/[^\p{L}]/gu, '').length + rest.replace(/[\p{L}\s]/gu, '').length / 4
  return left < leastCharacters / 2
    ? 'The password is easily guessed: it is made of names, common words or runs.'
    : undefined
}

function isRepetition(text: string): boolean {
  return /^(.{1,100}?)\1+.{0,2}$/su.test(text)
}

function without(text: string, words: readonly string[]): string {
  // The longest first: `administrator` before `admin`.
  return [...words].sort((a, b) => b.length - a.length).reduce((rest, word) => rest.replaceAll(word, ''), text)
}

function runsIn(text: string): string[] {
  return RUNS.flatMap((run) => [run, [...run].reverse().join('')]).flatMap((run) => {
    for (let length = run.length; length >= RUN_CHARACTERS; length--) {
      for (let at = 0; at + length <= run.length; at++) {
        const part = run.slice(at, at + length)
        if (text.includes(part)) return [part]
      }
    }
    return []
  })
}
