import type { Budget } from '../../schemas/generated/types'
import type { Lane } from './lane'

/** What several budgets come to together: the stricter of each. */
export interface Limits {
  bytesPerSecond: number
  bytesPerDay: number
  /** Full hours of the local day, `from` included and `to` not; all of them must hold. */
  windows: readonly { from: number; to: number }[]
  isUrgentLimited: boolean
}

export type Allowance =
  /** At most so many bytes, for now. */
  { kind: 'go'; bytes: number } | { kind: 'wait'; untilMs: number; cause: 'hours' | 'day' }

/** Where less than this is left of a day, the day is over: a batch of a few bytes is mostly headers. */
export const LEAST_BYTES = 16 * 1024

/** More than the longest day has, which is that on which clocks are turned back. */
const HOURS_AHEAD = 26

export function limitsOf(budgets: readonly Budget[]): Limits {
  const least = (values: (number | undefined)[]) =>
    Math.min(...values.map((value) => value ?? Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY)
  return {
    bytesPerSecond: least(budgets.map(({ kilobitsPerSecond }) => kilobitsPerSecond)) * 125,
    bytesPerDay: least(budgets.map(({ megabytesPerDay }) => megabytesPerDay)) * 1_000_000,
    windows: budgets.flatMap(({ hours }) => (hours === undefined ? [] : [windowOf(hours)])),
    isUrgentLimited: budgets.some(({ urgent }) => urgent === 'limited'),
  }
}

/**
 * Whether a lane may send now, by the facility's own clock (R25). The urgent lane is exempt from hours and megabytes unless the
 * budget limits it too; what it uses is counted, so that history makes room for it. Nobody is exempt from the speed.
 *
 *     { hours: '22-06', megabytesPerDay: 50 } at 21:10   history: wait until 22:00   urgent: go
 *     at 23:10, 50 MB used                                history: wait until 00:00   urgent: go
 */
export function allowance(limits: Limits, at: { now: Date; usedToday: number; lane: Lane }): Allowance {
  if (at.lane === 'urgent' && !limits.isUrgentLimited) return { kind: 'go', bytes: Number.POSITIVE_INFINITY }
  if (!isOpen(limits, at.now)) return { kind: 'wait', untilMs: nextOpening(limits, at.now), cause: 'hours' }
  const left = limits.bytesPerDay - at.usedToday
  if (left >= LEAST_BYTES) return { kind: 'go', bytes: left }
  const midnight = new Date(at.now.getFullYear(), at.now.getMonth(), at.now.getDate() + 1)
  return { kind: 'wait', untilMs: midnight.getTime(), cause: 'day' }
}

/** For people, while it rests. */
export const RESTING_SENTENCES: Record<'hours' | 'day', string> = {
  hours: 'Records go up in the hours that the data budget allows. What a waiting patient needs goes at once.',
  day: 'The data budget of today is used up. Records go up from midnight on; what a waiting patient needs goes at once.',
}

function windowOf(hours: string): Limits['windows'][number] {
  const [from = 0, to = 24] = hours.split('-').map(Number)
  return { from, to }
}

function isOpen({ windows }: Limits, at: Date): boolean {
  const hour = at.getHours()
  return windows.every(({ from, to }) => {
    if (from === to % 24) return true
    return from < to ? from <= hour && hour < to : from <= hour || hour < to
  })
}

/** Hour by hour, because the clock on the wall may jump. Windows that never meet are looked at again after a day. */
function nextOpening(limits: Limits, now: Date): number {
  const hour = (ahead: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate(), now.getHours() + ahead)
  for (let ahead = 1; ahead < HOURS_AHEAD; ahead++) if (isOpen(limits, hour(ahead))) return hour(ahead).getTime()
  return hour(HOURS_AHEAD).getTime()
}
