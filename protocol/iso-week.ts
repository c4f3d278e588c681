/** A week of ISO 8601: it begins on Monday, and the first one of a year has the 4th of January in it. */
export interface IsoWeek {
  readonly year: number
  /** 1 to 52 or 53. */
  readonly week: number
}

const DAY_MS = 86_400_000

/** Undefined for what is no day, such as a date of R4 without one (`2026-11`), or 30 February. */
export function isoWeekOf(date: unknown): IsoWeek | undefined {
  const day = typeof date === 'string' ? dayOf(date) : undefined
  return day === undefined ? undefined : weekOfDay(day)
}

/** As it is written: `2026-W48`. */
export function weekText({ year, week }: IsoWeek): string {
  return `${year}-W${week < 10 ? '0' : ''}${week}`
}

/** The Monday of a week, as days since 1970. */
export function mondayOf({ year, week }: IsoWeek): number {
  const fourth = Date.UTC(year, 0, 4) / DAY_MS
  return fourth - weekdayOf(fourth) + (week - 1) * 7
}

/** `2026-11-23` for a number of days since 1970. */
export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

/** Days since 1970 of what begins with a day, `2026-11-23` or `2026-11-23T07:41:03+07:00`: the day that is written there. */
export function dayOf(date: string): number | undefined {
  const [, year, month, day] = /^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T|$)/.exec(date) || []
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day))
  // Date takes 30 February for 2 March.
  return Number(year) >= 1000 && new Date(ms).toISOString().slice(0, 10) === `${year}-${month}-${day}`
    ? ms / DAY_MS
    : undefined
}

export function weekOfDay(day: number): IsoWeek {
  // The year of a week is that of its Thursday.
  const thursday = day - weekdayOf(day) + 3
  const year = new Date(thursday * DAY_MS).getUTCFullYear()
  return { year, week: Math.floor((thursday - Date.UTC(year, 0, 1) / DAY_MS) / 7) + 1 }
}

/** 0 is Monday; 1 January 1970 was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7
}
