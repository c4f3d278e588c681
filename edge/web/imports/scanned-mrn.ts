import { isMrn, luhnCheckDigit } from '../../../protocol/mrn'

/** As much as a card, a letter or an address can hold; a scanner pointed at something else may send more. */
const MOST_CHARACTERS = 500

/**
 * The MRN in what was typed, or read from a code: with spaces, dots or hyphens, in small letters, as a FHIR reference or as
 * an address that ends with it. Undefined where there is none.
 */
export function mrnIn(text: string): string | undefined {
  const whole = text.trim().slice(0, MOST_CHARACTERS)
  const end = /(?:^|Patient\/|patients\/)([^/?#]+)\/?$/i.exec(whole)?.[1] ?? whole
  const mrn = end.replace(/[\s.-]/g, '').toUpperCase()
  return isMrn(mrn) ? mrn : undefined
}

/**
 * Whether the last digit is the one that an MRN made here would have. An older system's number may well be right without:
 * then it is only compared with the card once more.
 */
export function hasCheckDigit(mrn: string): boolean {
  const digits = /[0-9]{8}$/.exec(mrn)?.[0]
  return digits !== undefined && luhnCheckDigit(digits.slice(0, 7)) === digits[7]
}
