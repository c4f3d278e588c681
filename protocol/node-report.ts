import { type BareItem, type DictionaryObject, parseDictionary, serializeDictionary, Token } from 'structured-headers'
import type { NodeReport } from '../schemas/generated/types'
import { isNodeReport } from '../schemas/generated/validators'

/** What an edge says of itself; when it arrived is the hub's to say. */
export type EdgeReport = Omit<NodeReport, 'at'>

/** A header line that is longer is none of ours: the longest that `encodeReport` makes has fewer. */
export const MOST_REPORT_BYTES = 400

/** An integer of RFC 9651 has 15 digits at the most. */
const MOST = 999_999_999_999_999

type Kind = 'text' | 'whole' | 'signed' | 'date' | 'token'

/** Short, because it goes over a line that is paid by the byte, every few minutes. */
const MEMBERS: readonly [key: string, name: keyof EdgeReport, kind: Kind][] = [
  ['v', 'version', 'text'],
  ['y', 'syncState', 'token'],
  ['d', 'backlogDocuments', 'whole'],
  ['b', 'backlogBytes', 'whole'],
  ['o', 'oldestUnsentAt', 'date'],
  ['r', 'refusedDocuments', 'whole'],
  ['a', 'lastAcknowledgedAt', 'date'],
  ['s', 'bytesPerSecond', 'whole'],
  ['t', 'bytesToday', 'whole'],
  ['c', 'clockOffsetMs', 'signed'],
  ['f', 'freeDiskBytes', 'whole'],
  ['u', 'uptimeSeconds', 'whole'],
]

/**
 * The header `Lontar-Report`, a dictionary of RFC 9651. It holds numbers and never anything of a patient. Moments are seconds of
 * Unix time as integers: structured-headers 2.1.0 can not read a Date that something follows.
 *
 *     v="0.1.0", y=pushing, d=42, b=118034, o=1795420863, r=1, a=1795424001, s=7800, t=5120332, c=-240, f=8123904000, u=86400
 */
export function encodeReport(report: EdgeReport): string {
  const members: DictionaryObject = {}
  for (const [key, name, kind] of MEMBERS) {
    const value = report[name]
    if (value !== undefined) members[key] = itemOf(value, kind)
  }
  return serializeDictionary(members)
}

/** Undefined where it is malformed; what a newer edge says besides is passed over. */
export function decodeReport(header: string): EdgeReport | undefined {
  if (header.length > MOST_REPORT_BYTES) return undefined
  const report: Record<string, unknown> = {}
  try {
    const members = parseDictionary(header)
    for (const [key, name, kind] of MEMBERS) {
      const member = members.get(key)
      if (member !== undefined) report[name] = decodedOf(member[0], kind)
    }
  } catch {
    // Neither a dictionary, nor a date that there is.
    return undefined
  }
  const whole = { ...report, at: new Date(0).toISOString() }
  if (!isNodeReport(whole)) return undefined
  const { at: _filledIn, ...decoded } = whole
  return decoded
}

function itemOf(value: string | number, kind: Kind): BareItem {
  switch (kind) {
    case 'text':
      return String(value)
    case 'token':
      return new Token(String(value))
    case 'date':
      return Math.floor(Date.parse(String(value)) / 1_000)
    case 'whole':
      return Math.min(MOST, Math.max(0, Math.round(Number(value))))
    case 'signed':
      return Math.min(MOST, Math.max(-MOST, Math.round(Number(value))))
  }
}

/** The schema decides about numbers and texts. Throws a RangeError for a moment after all years. */
function decodedOf(item: unknown, kind: Kind): unknown {
  if (kind === 'date') return Number.isInteger(item) ? new Date(Number(item) * 1_000).toISOString() : null
  if (kind === 'token') return item instanceof Token ? item.toString() : null
  return item
}
