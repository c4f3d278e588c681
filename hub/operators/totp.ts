import { Secret, TOTP } from 'otpauth'

/** RFC 6238, as every authenticator has it: SHA-1, six digits, 30 s. */
const FORM = { issuer: 'Lontar', algorithm: 'SHA1', digits: 6, period: 30 } as const
/** RFC 4226, section 4, R6. */
const SECRET_BYTES = 20
/** A clock may be a step off, either way. */
const STEPS_OFF = 1

/** Base32. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32
}

/** For a QR code. */
export function totpUri(secret: string, name: string): string {
  return new TOTP({ ...FORM, label: name, secret: Secret.fromBase32(secret) }).toString()
}

/** The time step that a code is of, a number that grows; undefined where it is of none around now. */
export function totpStep(secret: string, code: string, now: Date): number | undefined {
  const token = code.replaceAll(' ', '')
  if (!/^\d{6}$/.test(token)) return undefined
  const timestamp = now.getTime()
  const delta = TOTP.validate({ ...FORM, secret: Secret.fromBase32(secret), token, timestamp, window: STEPS_OFF })
  return delta === null ? undefined : Math.floor(timestamp / 1000 / FORM.period) + delta
}
