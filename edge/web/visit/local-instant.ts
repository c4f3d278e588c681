/**
 * A moment as FHIR's dateTime with the offset of the place: `2026-11-23T07:41:03+07:00`. Whoever counts by day or by week takes
 * the day that is written there; in UTC an early Monday in Indonesia is still the Sunday of the week before.
 */
export function localInstant(at: Date): string {
  // Date counts from here to UTC: Jakarta, +07:00, is -420.
  const offset = -at.getTimezoneOffset()
  const local = new Date(at.getTime() + offset * 60_000).toISOString().slice(0, 19)
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60]
  return `${local}${offset < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
