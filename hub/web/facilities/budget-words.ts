import type { Budget } from '../../../schemas/generated/types'
import { localNumber } from '../../../web-kit/local-form'

/** A budget in a few words each; empty where nothing is limited. */
export function limitsOf(
  budget: Budget | undefined,
  language: string,
  t: (key: string, values?: Record<string, string>) => string,
): string[] {
  if (!budget) return []
  const { kilobitsPerSecond, megabytesPerDay, hours, urgent } = budget
  const number = (value: number) => localNumber(value, language)
  const limits = [
    ...(kilobitsPerSecond === undefined ? [] : [t('facilities.budget.speed', { value: number(kilobitsPerSecond) })]),
    ...(megabytesPerDay === undefined ? [] : [t('facilities.budget.day', { value: number(megabytesPerDay) })]),
    ...(hours === undefined ? [] : [t('facilities.budget.hours', { from: hourOf(hours, 0), to: hourOf(hours, 3) })]),
  ]
  if (limits.length === 0) return []
  return [...limits, t(urgent === 'limited' ? 'facilities.budget.urgentLimited' : 'facilities.budget.urgentExempt')]
}

/** `22-06` at 3 → 06:00 */
function hourOf(hours: string, at: 0 | 3): string {
  return `${hours.slice(at, at + 2)}:00`
}

/** What is typed in the form, as the hub takes it: what is empty is not limited. */
export function budgetOf(form: {
  kilobitsPerSecond: number | string
  megabytesPerDay: number | string
  from: string | null
  to: string | null
  isUrgentLimited: boolean
}): Budget {
  const { kilobitsPerSecond, megabytesPerDay, from, to, isUrgentLimited } = form
  return {
    ...(typeof kilobitsPerSecond === 'number' && { kilobitsPerSecond }),
    ...(typeof megabytesPerDay === 'number' && { megabytesPerDay }),
    ...(from !== null && to !== null && { hours: `${from}-${to}` }),
    ...(isUrgentLimited && { urgent: 'limited' as const }),
  }
}
