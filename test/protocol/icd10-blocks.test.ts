import { labelOf } from '../../hub/statistics/labels'
import { icd10BlockOf, icd10Blocks } from '../../protocol/icd10-blocks'

test('every block has a form, an order and a title, and none is within another', () => {
  const blocks = icd10Blocks()
  expect(blocks.length).toBeGreaterThan(200)
  expect(blocks.filter((block) => !/^[A-Z][0-9]{2}-[A-Z][0-9]{2}$/.test(block))).toEqual([])
  for (const [index, block] of blocks.entries()) {
    expect(block.slice(0, 3) <= block.slice(4)).toBe(true)
    expect((blocks[index - 1] ?? '').slice(4) < block.slice(0, 3)).toBe(true)
    expect([block, labelOf(block)]).toEqual([block, expect.stringMatching(/\S/)])
  }
})

test('both ends of a block are in it, and what is between two is in none', () => {
  for (const block of icd10Blocks()) {
    expect([icd10BlockOf(block.slice(0, 3)), icd10BlockOf(`${block.slice(4)}.9`)]).toEqual([block, block])
  }
  expect(['A12', 'K99', 'U99', 'J0', 'J06x', 'J06-J09', ' J06'].map(icd10BlockOf)).toEqual(Array(7).fill(undefined))
})
