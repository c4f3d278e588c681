/** What a facility is called in every id it owns: two to twelve capitals and digits, for example `101`. */
export const EXTERNAL_ID = /^[A-Z0-9]{2,12}$/

export function isExternalId(text: string): boolean {
  return EXTERNAL_ID.test(text)
}

/**
 * Law 2: external IDs are prefix-free. With both `10` and `101` in use, the MRN `1010000000` would be 10's
 * eight digits `10000000` and 101's seven digits `0000000` at once, and two facilities would own one patient.
 */
export function clash(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a)
}
