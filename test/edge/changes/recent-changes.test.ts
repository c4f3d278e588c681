import { changesAfter, MOST_NAMED, nothingYet, withRows } from '../../../edge/changes/recent-changes'

const patient = (counter: number, seq: number) => ({ id: `1010000${String(counter).padStart(4, '0')}:Patient`, seq })
const told = (recent: ReturnType<typeof nothingYet>, since: number) =>
  changesAfter(recent, since)?.map(({ reference }) => reference)

test('names what came after, by its reference; what is no record is none', () => {
  const recent = withRows(
    nothingYet(10),
    [patient(1, 11), { id: '10100000001:Condition:a', seq: 12 }, { id: '_design/x', seq: 13 }],
    13,
  )
  expect(told(recent, 10)).toEqual(['Patient/10100000001', 'Condition/10100000001.a'])
  expect(told(recent, 11)).toEqual(['Condition/10100000001.a'])
  expect(told(recent, 13)).toEqual([])
})

test('does not know what was before it began, nor what is still to come', () => {
  const recent = withRows(nothingYet(10), [patient(1, 11)], 11)
  expect([told(recent, 9), told(recent, 12), told(recent, -1)]).toEqual([undefined, undefined, undefined])
})

test('names a resource once, by its last change', () => {
  const recent = withRows(withRows(nothingYet(0), [patient(1, 1), patient(2, 2)], 2), [patient(1, 3)], 3)
  expect(told(recent, 0)).toEqual(['Patient/10100000002', 'Patient/10100000001'])
  expect(told(recent, 2)).toEqual(['Patient/10100000001'])
})

test('keeps no more than it names, and knows what it has forgotten', () => {
  const rows = Array.from({ length: MOST_NAMED + 3 }, (_, index) => patient(index, index + 1))
  const recent = withRows(nothingYet(0), rows, rows.length)
  expect(told(recent, 2)).toBeUndefined()
  expect(told(recent, 3)).toHaveLength(MOST_NAMED)
})
