import fc from 'fast-check'
import {
  beginningsWithinOne,
  beginsWithinOne,
  LEVELS,
  levelOfName,
  NO_FIT,
  TypedWord,
} from '../../../edge/patients/name-levels'

const level = (typed: string, name: string) =>
  levelOfName(
    typed.split(' ').map((word) => new TypedWord(word)),
    name.split(' '),
  )

test.each([
  ['sri lestari', 'sri lestari', LEVELS.exact],
  ['lestari', 'sri lestari', LEVELS.exact],
  ['lestari sri', 'sri lestari', LEVELS.exact],
  ['les', 'sri lestari', LEVELS.begins],
  ['sri les', 'sri lestari', LEVELS.begins],
  ['sukar', 'soekarno', LEVELS.sounds],
  ['muhammad', 'moh ilyas', LEVELS.sounds],
  ['sutrsno', 'sutrisno', LEVELS.oneOff],
  ['sutrinso', 'sutrisno', LEVELS.oneOff],
  ['zutrisno', 'sutrisno', LEVELS.sounds],
  ['wutrisno', 'sutrisno', LEVELS.oneOff],
  ['sri wayan', 'sri lestari', NO_FIT],
  ['estari', 'sri lestari', LEVELS.oneOff],
  ['tari', 'sri lestari', NO_FIT],
  ['sti', 'sri lestari', NO_FIT],
])('%s fits %s at level', (typed, name, expected) => {
  expect(level(typed, name)).toBe(expected)
})

const word = fc.stringMatching(/^[a-e]{5,9}$/)

test('whatever is one letter off is among the beginnings that are looked for', () => {
  fc.assert(
    fc.property(word, word, (typed, name) => {
      if (!beginsWithinOne(name, typed)) return
      const beginnings = beginningsWithinOne(typed, 5)
      expect([...beginnings].some((beginning) => name.startsWith(beginning))).toBe(true)
    }),
  )
})

test('one slip anywhere leaves a word within one', () => {
  fc.assert(
    fc.property(word, fc.nat(), fc.constantFrom('a', 'z'), fc.constantFrom(0, 1, 2, 3), (name, place, letter, slip) => {
      const at = place % (name.length - 1)
      const [before, after] = [name.slice(0, at), name.slice(at)]
      const typed = [
        before + after.slice(1),
        before + letter + after,
        before + letter + after.slice(1),
        before + after.charAt(1) + after.charAt(0) + after.slice(2),
      ][slip]
      expect(beginsWithinOne(name, typed ?? '')).toBe(true)
    }),
  )
})
