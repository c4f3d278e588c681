import { budgetOf, bytesPerDay, formOf, mistakesIn } from '../../../../edge/web/settings/budget-form'
import { isBudget } from '../../../../schemas/generated/validators'

test.each([{}, { megabytesPerDay: 50 }, { kilobitsPerSecond: 64, hours: '22-06', urgent: 'limited' as const }])(
  '%j comes back as it was, and is one',
  (budget) => {
    const back = budgetOf(formOf(budget))
    expect(back).toEqual(budget)
    expect(isBudget(back)).toBe(true)
  },
)

test.each([
  [{ megabytes: '0' }, 'megabytes'],
  [{ megabytes: '1.5' }, 'megabytes'],
  [{ kilobits: '7' }, 'kilobits'],
  [{ kilobits: 'fast' }, 'kilobits'],
  [{ from: '22' }, 'hours'],
  [{ to: '06' }, 'hours'],
])('%j is a mistake in %s', (typed, field) => {
  const mistakes = mistakesIn({ ...formOf({}), ...typed })
  expect(Object.entries(mistakes).filter(([, isWrong]) => isWrong)).toEqual([[field, true]])
})

test('the strictest limit of a day counts', () => {
  expect(bytesPerDay([{}, {}])).toBeUndefined()
  expect(bytesPerDay([{ megabytesPerDay: 50 }, {}, { megabytesPerDay: 20 }])).toBe(20_000_000)
})
