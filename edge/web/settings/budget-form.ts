import type { Budget } from '../../../schemas/generated/types'

/** What is typed; all of it text, as a person types it. */
export interface BudgetForm {
  readonly megabytes: string
  readonly kilobits: string
  /** Full hours, `''` for none. */
  readonly from: string
  readonly to: string
  readonly isUrgentLimited: boolean
}

/** As schemas/messages/budget.json has them. */
export const LIMITS = {
  megabytes: { least: 1, most: 1_000_000 },
  kilobits: { least: 8, most: 10_000_000 },
} as const

export function formOf({ megabytesPerDay, kilobitsPerSecond, hours = '-', urgent }: Budget): BudgetForm {
  const [from = '', to = ''] = hours.split('-')
  return {
    megabytes: megabytesPerDay?.toString() ?? '',
    kilobits: kilobitsPerSecond?.toString() ?? '',
    from,
    to,
    isUrgentLimited: urgent === 'limited',
  }
}

export function mistakesIn({ megabytes, kilobits, from, to }: BudgetForm) {
  const isWrong = (text: string, { least, most }: { least: number; most: number }) =>
    text.trim() !== '' && !(/^\d+$/.test(text.trim()) && Number(text) >= least && Number(text) <= most)
  return {
    megabytes: isWrong(megabytes, LIMITS.megabytes),
    kilobits: isWrong(kilobits, LIMITS.kilobits),
    // One without the other says nothing.
    hours: (from === '') !== (to === ''),
  }
}

export function budgetOf({ megabytes, kilobits, from, to, isUrgentLimited }: BudgetForm): Budget {
  return {
    ...(megabytes.trim() !== '' && { megabytesPerDay: Number(megabytes) }),
    ...(kilobits.trim() !== '' && { kilobitsPerSecond: Number(kilobits) }),
    ...(from !== '' && to !== '' && { hours: `${from}-${to}` }),
    ...(isUrgentLimited && { urgent: 'limited' as const }),
  }
}

/** The strictest of what they allow in a day; undefined where none limits it. */
export function bytesPerDay(budgets: readonly Budget[]): number | undefined {
  const limits = budgets.flatMap(({ megabytesPerDay }) => (megabytesPerDay === undefined ? [] : [megabytesPerDay]))
  return limits.length === 0 ? undefined : Math.min(...limits) * 1_000_000
}
