/**
 * Why somebody reads a record: codes of HL7 v3 PurposeOfUse (http://terminology.hl7.org/CodeSystem/v3-ActReason) that
 * make sense for one patient's whole record. Research, marketing and the like are left out.
 */
export const PURPOSES_OF_USE = {
  TREAT: 'treatment',
  ETREAT: 'emergency treatment',
  BTG: 'break the glass: access that the usual rules would not give; needs a Reason',
  COC: 'coordination of care',
  CAREMGT: 'care management',
  PATRQT: 'the patient asked for it',
  HPAYMT: 'payment',
  HOPERAT: 'healthcare operations',
  PUBHLTH: 'public health',
  DISASTER: 'response to a disaster',
} as const

export type PurposeOfUse = keyof typeof PURPOSES_OF_USE

export function isPurposeOfUse(text: string): text is PurposeOfUse {
  return Object.hasOwn(PURPOSES_OF_USE, text)
}

/** Which code of PurposeOfUse is the next wider one; those that are not here are the widest. */
const WIDER: Readonly<Partial<Record<string, string>>> = {
  BTG: 'ETREAT',
  ETREAT: 'TREAT',
  COC: 'TREAT',
  CAREMGT: 'HOPERAT',
  DISASTER: 'PUBHLTH',
}

/** Whether a purpose is the other code, which need not be one of ours, or a kind of it. */
export function isWithinPurpose(purpose: PurposeOfUse, code: string): boolean {
  if (code === 'PurposeOfUse') return true
  for (let at: string | undefined = purpose; at !== undefined; at = WIDER[at]) if (at === code) return true
  return false
}

/** Whether this purpose has to be explained. */
export function needsReason(purpose: PurposeOfUse): boolean {
  return purpose === 'BTG'
}

export const REASON_CHARACTERS = 500

/** A reason is 1 to 500 characters of text in one line. */
export function isReason(text: string): boolean {
  return text.trim() !== '' && text.length <= REASON_CHARACTERS && !/\p{Cc}/u.test(text)
}

/**
 * Header values are bytes, and Node shows them as Latin-1; a reason is UTF-8. `curl -H "Reason: …"` in a UTF-8 terminal
 * sends the same bytes.
 */
export function reasonToHeader(reason: string): string {
  return Buffer.from(reason, 'utf8').toString('latin1')
}

export function reasonFromHeader(value: string): string {
  return Buffer.from(value, 'latin1').toString('utf8')
}
