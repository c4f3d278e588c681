import { words } from '../../../hub/web/words'
import { errorWords } from '../../../web-kit/error-words'
import { frameWords } from '../../../web-kit/frame-words'
import { differencesIn, unwrittenKeys } from '../../support/words'

const ALL = { ...words, frame: frameWords, kitErrors: errorWords }

test.each(Object.entries(ALL))('%s says the same in both languages, with the same values in it', (_name, feature) => {
  expect(differencesIn(feature)).toEqual([])
})

test('every key that a page of the console asks for is written', () => {
  // Whatever the kit asks for, the clinic's app asks for, too.
  expect(unwrittenKeys(['hub/web'], { ...ALL, errors: errorWords })).toEqual([])
})
