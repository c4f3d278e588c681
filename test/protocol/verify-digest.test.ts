import fc from 'fast-check'
import { addedTo, byId, cut, digestOf, itemOf, itemsIn, NOTHING_YET, textOf } from '../../protocol/verify-digest'
import '../support/arbitraries'

const entries = fc.record({
  id: fc.string({ minLength: 1, maxLength: 40 }),
  rev: fc.stringMatching(/^[1-9]-[0-9a-f]{8}$/),
})
const items = fc.uniqueArray(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), {
  maxLength: 60,
})

test('a digest does not depend on the order in which a store gives its documents', () => {
  fc.assert(
    fc.property(items, fc.infiniteStream(fc.nat()), (list, numbers) => {
      const shuffled = list
        .map((item) => ({ item, at: numbers.next().value as number }))
        .sort((a, b) => a.at - b.at)
        .map(({ item }) => item)
      expect(digestOf(shuffled)).toBe(digestOf(list))
    }),
  )
})

test('a digest is another one for one item more, less or different', () => {
  fc.assert(
    fc.property(items, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (list, one) => {
      fc.pre(!list.includes(one))
      expect(digestOf([...list, one])).not.toBe(digestOf(list))
      if (list.length > 0) expect(digestOf([...list.slice(1), one])).not.toBe(digestOf(list))
    }),
  )
})

test('an item is another one for another id or revision', () => {
  fc.assert(
    fc.property(entries, entries, (a, b) => {
      expect(itemOf(a) === itemOf(b)).toBe(a.id === b.id && a.rev === b.rev)
    }),
  )
})

test('a list of items is the same after the wire', () => {
  fc.assert(fc.property(items, (list) => expect(itemsIn(textOf(list))).toEqual(list)))
  expect(() => itemsIn('AAAA')).toThrow(RangeError)
})

test('the parts of a range are the range: none twice, none left out, none too large', () => {
  fc.assert(
    fc.property(fc.nat(500), fc.nat(500), fc.integer({ min: 1, max: 70 }), (first, length, most) => {
      const parts = cut({ first, last: first + length - 1 }, most)
      const places = parts.flatMap((part) =>
        Array.from({ length: part.last - part.first + 1 }, (_, at) => part.first + at),
      )
      expect(places).toEqual(Array.from({ length }, (_, at) => first + at))
      for (const part of parts) expect(part.last - part.first).toBeLessThan(most)
    }),
  )
})

test('a pass comes to the same only over the same ranges in the same order', () => {
  const [a, b] = [
    { count: 1, digest: digestOf([1n]) },
    { count: 2, digest: digestOf([2n, 3n]) },
  ]
  expect(addedTo(addedTo(NOTHING_YET, a), b)).not.toBe(addedTo(addedTo(NOTHING_YET, b), a))
})

test('known answers, so that another program can be held against them', () => {
  expect(itemOf({ id: '101:Location:a', rev: '1-00' }).toString(16)).toMatchInlineSnapshot(`"e92d84e61fe9cb3f"`)
  expect(digestOf([itemOf({ id: '101:Location:a', rev: '1-00' })])).toMatchInlineSnapshot(`"MPkdOVQ93TMGjMoOJB5kew"`)
})

test('ids are ordered by their UTF-16 units', () => {
  expect([{ id: 'b' }, { id: 'B' }, { id: 'a:' }, { id: 'a' }].sort(byId).map(({ id }) => id)).toEqual([
    'B',
    'a',
    'a:',
    'b',
  ])
})
