import { Random } from '../../scripts/made-up/random'
import type { Sample } from './fill-store'

const EACH = 400
const SEED = 7

/** What people type, by kind, each about somebody who is there. */
export function queriesOf(sample: readonly Sample[]): Record<string, string[]> {
  const random = new Random(SEED)
  const of = (text: (one: Sample, words: string[]) => string) =>
    Array.from({ length: EACH }, () => {
      const one = sample[random.whole(0, sample.length - 1)] ?? { mrn: '', name: '', birthDate: '', phone: '' }
      return text(one, one.name.toLowerCase().split(' '))
    })
  const any = (words: readonly string[]) => words[random.whole(0, words.length - 1)] ?? ''
  return {
    'one letter of a name': of((_, words) => any(words).slice(0, 1)),
    'beginning of a name': of((_, words) => any(words).slice(0, random.whole(2, 5))),
    'a whole word': of((_, words) => any(words)),
    'a name, letter by letter': of(({ name }) => name.slice(0, random.whole(1, name.length))),
    'two beginnings of words': of((_, words) => `${words.at(-1)?.slice(0, 3)} ${words[0]?.slice(0, 2)}`),
    'another spelling': of((_, words) => any(words).replace('u', 'oe').replace('j', 'dj').replace(/i$/, 'y')),
    'a slip of the finger': of((_, words) => slip(random, any(words))),
    'nobody’s word': of((_, words) => `${any(words).slice(0, 3)}xq${any(words)}`),
    'MRN, or its end': of(({ mrn }) => mrn.slice(random.pick([0, 3, 6]))),
    'beginning of a phone': of(({ phone }) => phone.slice(0, random.whole(7, phone.length))),
    'birth date': of(({ birthDate }) => birthDate.split('-').reverse().join('-')),
    'a word and a year': of(({ birthDate }, words) => `${any(words)} ${birthDate.slice(0, 4)}`),
    'nothing typed': of(() => ''),
  }
}

function slip(random: Random, word: string): string {
  const at = random.whole(0, Math.max(0, word.length - 2))
  return word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2)
}
