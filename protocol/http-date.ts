const IMF_FIXDATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT$/

/**
 * Milliseconds of a date as HTTP writes it (RFC 9110, section 5.6.7, IMF-fixdate alone); undefined for anything else.
 * `Date.parse` by itself takes nearly every text with a number in it.
 */
export function parseHttpDate(text: string): number | undefined {
  if (!IMF_FIXDATE.test(text)) return undefined
  const ms = Date.parse(text)
  // Writing it again shows a 31 February, and a weekday that isn't that day's.
  return Number.isNaN(ms) || new Date(ms).toUTCString() !== text ? undefined : ms
}
