import { words } from '../../../hub/web/words'
import { errorWords } from '../../../web-kit/error-words'
import { frameWords } from '../../../web-kit/frame-words'

type Node = string | { readonly [key: string]: Node }

function textsOf(node: Node, at = ''): [string, string][] {
  return typeof node === 'string'
    ? [[at, node]]
    : Object.entries(node).flatMap(([key, below]) => textsOf(below, at === '' ? key : `${at}.${key}`))
}

const placesIn = (text: string) => [...new Set(text.match(/\{\{\w+\}\}/g) ?? [])].sort()

test.each(Object.entries({ ...words, frame: frameWords, kitErrors: errorWords }))(
  '%s says the same in both languages, with the same values in it',
  (_name, { en, id }) => {
    const english = new Map(textsOf(en as Node))
    const indonesian = new Map(textsOf(id as Node))
    const expected = [...english.keys()].filter((key) => !key.endsWith('_one'))
    expect([...indonesian.keys()].sort()).toEqual(expected.sort())
    for (const [key, text] of indonesian) {
      expect([key, text.trim()]).not.toEqual([key, ''])
      expect([key, placesIn(text)]).toEqual([key, placesIn(english.get(key) ?? '')])
    }
  },
)
