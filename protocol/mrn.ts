/** Medical record numbers: external ID, a 7-digit counter, and a Luhn check digit over the counter's digits. */

export const MAX_COUNTER = 9_999_999

const MRN = /^([A-Z0-9]{2,12}?)([0-9]{7,8})$/

/** The MRN that a facility gives to its patient number `counter` (1 to 9,999,999). */
export function mrnOf(externalId: string, counter: number): string {
  if (!Number.isInteger(counter) || counter < 1 || counter > MAX_COUNTER) {
    throw new RangeError(`an MRN counter is a whole number from 1 to ${MAX_COUNTER}`)
  }
  const digits = String(counter).padStart(7, '0')
  return `${externalId}${digits}${luhnCheckDigit(digits)}`
}

/** Whether text has the form of an MRN of any facility; not whether one owns it (see `owns`). */
export function isMrn(text: string): boolean {
  return MRN.test(text)
}

/**
 * The counter in an MRN that `mrnOf` made for this facility. Undefined for anything else: another facility's, the
 * 7 digits of an older system, or a wrong check digit.
 */
export function counterOf(externalId: string, mrn: string): number | undefined {
  if (!mrn.startsWith(externalId)) return undefined
  const digits = mrn.slice(externalId.length)
  if (!/^[0-9]{8}$/.test(digits) || luhnCheckDigit(digits.slice(0, 7)) !== digits[7]) return undefined
  return Number(digits.slice(0, 7))
}

/** ISO/IEC 7812-1, annex B: every second digit from the right counts double, its digits added. */
export function luhnCheckDigit(digits: string): string {
  let sum = 0
  for (let fromRight = 0; fromRight < digits.length; fromRight++) {
    const digit = Number(digits[digits.length - 1 - fromRight])
    const weighted = fromRight % 2 === 0 ? digit * 2 : digit
    sum += weighted > 9 ? weighted - 9 : weighted
  }
  return String((10 - (sum % 10)) % 10)
}
