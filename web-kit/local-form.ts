/** Dates, times and numbers as people of a language write them. */
const LOCALES: Readonly<Record<string, string>> = { id: 'id-ID', en: 'en-GB' }

const dayForm = perLanguage(
  (locale) => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' }),
)
const timeForm = perLanguage(
  (locale) => new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
)
const agoForm = perLanguage((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }))

export function localDate(iso: string, language: string): string {
  // A date without a time is a day, and no moment: it has no time zone to be moved by.
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(iso)
  const date = new Date(isDay ? `${iso}T00:00:00` : iso)
  if (/^\d{4}(-\d{2})?$/.test(iso)) return iso
  return dayForm(language).format(date)
}

export function localTime(iso: string, language: string): string {
  return timeForm(language).format(new Date(iso))
}

/** Today the time alone, else with the day. */
export function localMoment(iso: string, language: string, now: Date): string {
  const isToday = new Date(iso).toDateString() === now.toDateString()
  return isToday ? localTime(iso, language) : `${localDate(iso, language)}, ${localTime(iso, language)}`
}

const SPANS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** How long ago, as people say it: 3 minutes ago, yesterday. */
export function localAgo(iso: string, language: string, now: Date): string {
  const seconds = (Date.parse(iso) - now.getTime()) / 1_000
  const form = agoForm(language)
  const [unit, length] = SPANS.find(([, length]) => Math.abs(seconds) >= length) ?? ['minute', 60]
  return form.format(Math.trunc(seconds / length), unit)
}

export function localNumber(value: number, language: string, most = 1): string {
  return new Intl.NumberFormat(localeOf(language), { maximumFractionDigits: most }).format(value)
}

/** 1,500,000 → 1.5 MB. */
export function localBytes(bytes: number, language: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3))
  return new Intl.NumberFormat(localeOf(language), {
    style: 'unit',
    unit: units[power] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: power === 0 ? 0 : 1,
  }).format(bytes / 1_000 ** power)
}

function localeOf(language: string): string {
  return LOCALES[language] ?? 'en-GB'
}

/** Made once: to make one takes a slow PC 10 ms, and a list of patients shows fifty dates. */
function perLanguage<Form>(make: (locale: string) => Form): (language: string) => Form {
  const made = new Map<string, Form>()
  return (language) => {
    const form = made.get(language) ?? make(localeOf(language))
    made.set(language, form)
    return form
  }
}
