import { codedIn, searchIcd10 } from '../../../../edge/web/visit/icd10/search'
import { ICD10_TITLES } from '../../../../edge/web/visit/icd10/titles'

const first = (typed: string) => searchIcd10(typed, ICD10_TITLES)[0]?.code

test.each([
  ['I10', 'I10'],
  ['e119', 'E11.9'],
  ['E11.9', 'E11.9'],
  ['hipertensi', 'I10'],
  ['high blood pr', 'I10'],
  ['darah tinggi', 'I10'],
  ['kencing manis', 'E11.9'],
  ['diare', 'A09'],
  ['diarrh', 'A09'],
  ['DBD', 'A91'],
  ['tb paru', 'A15.0'],
  ['ispa', 'J06.9'],
  ['asam urat', 'E79.0'],
])('“%s” finds %s', (typed, code) => {
  expect(first(typed)).toBe(code)
})

test('finds nothing by nothing, and by what there isn’t', () => {
  expect(['', '   ', 'zzz', '...'].map((typed) => searchIcd10(typed, ICD10_TITLES).length)).toEqual([0, 0, 0, 0])
})

test('answers no more than people look through', () => {
  expect(searchIcd10('a', ICD10_TITLES).length).toBe(12)
})

test('has each code once, in ICD-10’s form, with a title in both languages', () => {
  const codes = ICD10_TITLES.map(([code]) => code)
  expect(new Set(codes).size).toBe(codes.length)
  expect(codes.length).toBeGreaterThan(200)
  expect(ICD10_TITLES.filter(([code, en, id]) => !/^[A-Z]\d\d(\.\d)?$/.test(code) || !en || !id)).toEqual([])
})

test.each([
  ['sakit pinggang', undefined],
  ['c50.9 kanker payudara', { code: 'C50.9', title: 'kanker payudara' }],
  [' C50.9: kanker payudara ', { code: 'C50.9', title: 'kanker payudara' }],
  ['C50.9', { code: 'C50.9', title: 'C50.9' }],
  // No code, though it looks like one.
  ['B12 kurang', undefined],
  ['C50.9x', undefined],
])('the code in own words: %s', (typed, diagnosis) => expect(codedIn(typed)).toEqual(diagnosis))
