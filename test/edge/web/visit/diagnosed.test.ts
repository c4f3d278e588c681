import { type Diagnosis, diagnosed } from '../../../../edge/web/visit/visit-form'

const DM: Diagnosis = { key: '1', code: 'E11.9', title: 'DM', isLasting: true }

test.each<[string, { code?: string; title: string }, number]>([
  ['the very same', { code: 'E11.9', title: 'DM' }, 1],
  ['the same title under another code', { code: 'E10.9', title: 'DM' }, 2],
  ['the same title without a code', { title: 'DM' }, 2],
  ['the same code with another title', { code: 'E11.9', title: 'Diabetes melitus tipe 2' }, 2],
])('after a diagnosis, %s', (_which, more, count) => {
  const after = diagnosed([DM], { key: '2', ...more })
  expect(after).toHaveLength(count)
  expect(after[0]).toBe(DM)
  if (count === 2) expect(after[1]).toEqual({ key: '2', ...more, isLasting: false })
})
