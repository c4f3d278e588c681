/** What was typed into one field, as a FHIR search: an MRN, a phone number, a birth date or a name. */
export function searchQuery(typed: string): string {
  const text = typed.trim()
  const value = (parameter: string, found: string) => new URLSearchParams({ [parameter]: found }).toString()
  if (text === '') return '_sort=-_lastUpdated'
  const [, day, month, year] = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(text) ?? []
  if (day && month && year) return value('birthdate', `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`)
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return value('birthdate', text)
  if (/^(\+|0)[0-9 -]{7,}$/.test(text)) return value('phone', text.replaceAll(/[ -]/g, ''))
  if (/^[A-Z0-9]*[0-9]{7,8}$/i.test(text)) return value('_id', text.toUpperCase())
  return value('name', text)
}
