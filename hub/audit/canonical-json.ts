/**
 * JSON in the one form that RFC 8785 gives it: members in the order of their names' UTF-16 code units, no spaces. It takes
 * what the audit holds: objects, lists, texts without lone surrogates, and whole numbers.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      // JavaScript compares texts by code units, as the RFC (section 3.2.3) asks.
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`)
    return `{${members.join(',')}}`
  }
  // ECMAScript's own form of texts and numbers is the RFC's (sections 3.2.2.2 and 3.2.2.3).
  return JSON.stringify(value)
}
