import { X509Certificate } from 'node:crypto'

const SOON_MS = 30 * 24 * 3_600_000

/** What people must know of the certificate of this edge's own address. @param pem  checked when it was read */
export function certificateAttention(pem: string, now: Date): readonly ['CERTIFICATE_EXPIRING', string] | undefined {
  const endsAt = Date.parse(new X509Certificate(pem).validTo)
  if (endsAt - now.getTime() > SOON_MS) return undefined
  const day = new Date(endsAt).toISOString().slice(0, 10)
  const sentence =
    endsAt > now.getTime()
      ? `The certificate of this edge is good until ${day}; other computers can not reach it afterwards.`
      : `The certificate of this edge ended on ${day}; other computers are not let in by their browsers.`
  return ['CERTIFICATE_EXPIRING', `${sentence} Make a new one: lontar edge make-certificate --renew.`]
}
