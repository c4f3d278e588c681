export type Age = { readonly unit: 'days' | 'months' | 'years'; readonly count: number }

/** Days until a month, months until two years, as people say it; undefined where the birth date is not known. */
export function ageOf(birthDate: string | undefined, today: Date): Age | undefined {
  const [year, month = 1, day = 1] = (birthDate ?? '').split('-').map(Number)
  if (!year || birthDate === undefined) return undefined
  const had = today.getDate() >= day ? 0 : 1
  const months = (today.getFullYear() - year) * 12 + today.getMonth() + 1 - month - had
  if (months < 0 || birthDate.length < 7) return { unit: 'years', count: Math.max(0, today.getFullYear() - year) }
  if (months >= 24) return { unit: 'years', count: Math.floor(months / 12) }
  if (months >= 1 || birthDate.length < 10) return { unit: 'months', count: months }
  const born = new Date(year, month - 1, day)
  return { unit: 'days', count: Math.floor((today.getTime() - born.getTime()) / 86_400_000) }
}

export function yearsOf(birthDate: string | undefined, today: Date): number | undefined {
  const age = ageOf(birthDate, today)
  return age && (age.unit === 'years' ? age.count : age.unit === 'months' ? Math.floor(age.count / 12) : 0)
}
