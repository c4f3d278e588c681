import fc from 'fast-check'
import { soundOf } from '../../../edge/patients/name-sound'

test.each([
  ['soekarno', 'sukarno'],
  ['djoko', 'joko'],
  ['tjahjadi', 'cahyadi'],
  ['yusuf', 'jusup', 'yusup', 'joesoef'],
  ['achmad', 'akhmad', 'ahmad'],
  ['moh', 'moch', 'muhammad', 'mohamad', 'mochammad', 'mohamed', 'muhamat', 'mukhamad'],
  ['sulistyo', 'sulistio', 'sulistiyo', 'soelistijo'],
  ['wijaya', 'widjaja', 'wijaja'],
  ['rudy', 'rudi', 'roedi', 'rudie'],
  ['nyoman', 'njoman'],
  ['syarif', 'sjarif', 'sharif', 'syarip'],
  ['saiful', 'syaiful', 'saeful', 'saipul'],
  ['khairul', 'chairul', 'hairul'],
  ['aisyah', 'aisya', 'aisah'],
  ['fatimah', 'fathimah', 'patimah'],
  ['rizki', 'rizky', 'rizqi', 'riski'],
  ['christina', 'kristina'],
  ['umar', 'omar', 'oemar'],
  ['nur', 'noer', 'nurr'],
  ['abdul', 'abd', 'abdoel'],
])('%s sounds like its other spellings', (...spellings) => {
  expect(new Set(spellings.map(soundOf)).size).toBe(1)
})

test.each([
  ['sri', 'siti'],
  ['budi', 'rudi'],
  ['wayan', 'made'],
  ['sutrisno', 'sutisna'],
  ['ani', 'ana'],
  ['joko', 'eko'],
  ['dewi', 'desi'],
])('%s does not sound like %s', (one, other) => {
  expect(soundOf(one)).not.toBe(soundOf(other))
})

test('a word always sounds, and no longer than its rules can make it', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{1,30}$/), (word) => {
      const sound = soundOf(word)
      expect(sound).not.toBe('')
      expect(sound.length).toBeLessThanOrEqual(Math.max(10, word.length * 2))
    }),
  )
})
