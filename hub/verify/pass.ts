import { createHmac } from 'node:crypto'
import { CodedError } from '../../protocol/error-codes'
import { addedTo, NOTHING_YET } from '../../protocol/verify-digest'
import { isSameSecret } from '../../runtime/same-secret'

/**
 * How far a node has come in one pass over its documents. A facility may have more of them than one request can look at, and
 * a gateway remembers nothing, so the node carries this from request to request, sealed.
 */
export interface Pass {
  nodeName: string
  nonce: string
  upTo: number
  startedAt: string
  count: number
  digest: string
  /** The last id that was counted: the next range begins after it, so that no document is counted twice. */
  to: string
}

/** A receipt says that all was there at one time, so a pass may not take much longer than a slow link needs. */
const LONGEST_MS = 60 * 60_000

export function begunPass(nodeName: string, begin: { nonce: string; upTo: number }, now: Date): Pass {
  return { nodeName, ...begin, startedAt: now.toISOString(), count: 0, digest: NOTHING_YET, to: '' }
}

export function withRange(pass: Pass, range: { to: string; count: number; digest: string }): Pass {
  return { ...pass, count: pass.count + range.count, digest: addedTo(pass.digest, range), to: range.to }
}

export function sealedPass(pass: Pass, key: Buffer): string {
  const text = Buffer.from(JSON.stringify(pass)).toString('base64url')
  return `${text}.${macOf(text, key)}`
}

/** Throws INVALID_REQUEST for one that this hub did not give this node within the last hour. */
export function openedPass(sealed: string, nodeName: string, keys: readonly Buffer[], now: Date): Pass {
  const [text = '', mac = ''] = sealed.split('.')
  if (!keys.some((key) => isSameSecret(mac, macOf(text, key)))) throw refused()
  const pass = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Pass
  const ageMs = now.getTime() - Date.parse(pass.startedAt)
  if (pass.nodeName !== nodeName || ageMs > LONGEST_MS) throw refused()
  return pass
}

function macOf(text: string, key: Buffer): string {
  return createHmac('sha256', key).update(text).digest('base64url')
}

function refused(): CodedError {
  return new CodedError('INVALID_REQUEST', 'This pass can not be gone on with; begin a new one.')
}
