import { isReason, needsReason, type PurposeOfUse } from '../../../protocol/purpose-of-use'
import type { ImportRequest } from '../../../schemas/generated/types'
import { mrnIn } from './scanned-mrn'

/** What is typed to bring a patient here. */
export interface AskedImport {
  mrn: string
  purpose: PurposeOfUse
  reason: string
  /** Said by hand, where the glass is broken. */
  isSure: boolean
}

export const NOTHING_ASKED: AskedImport = { mrn: '', purpose: 'TREAT', reason: '', isSure: false }

/** Those that a desk needs, the usual one first; breaking the glass stands apart. */
export const USUAL: readonly PurposeOfUse[] = ['TREAT', 'ETREAT', 'COC', 'PATRQT']
export const OTHERS: readonly PurposeOfUse[] = ['CAREMGT', 'PUBHLTH', 'DISASTER', 'HPAYMT', 'HOPERAT']

export type Lack = 'mrnMissing' | 'mrnWrong' | 'reasonMissing' | 'reasonWrong' | 'notSure'

/** What keeps it from being asked, by field. */
export function lacksOf({ mrn, purpose, reason, isSure }: AskedImport): Partial<Record<keyof AskedImport, Lack>> {
  const isBreaking = needsReason(purpose)
  return {
    ...(mrn.trim() === '' ? { mrn: 'mrnMissing' as const } : mrnIn(mrn) === undefined && { mrn: 'mrnWrong' as const }),
    ...(reason.trim() === ''
      ? isBreaking && { reason: 'reasonMissing' as const }
      : !isReason(reason.trim()) && { reason: 'reasonWrong' as const }),
    ...(isBreaking && !isSure && { isSure: 'notSure' as const }),
  }
}

/** Only of what lacks nothing. */
export function requestOf({ mrn, purpose, reason }: AskedImport): ImportRequest {
  return { mrn: mrnIn(mrn) ?? mrn, purpose, ...(reason.trim() !== '' && { reason: reason.trim() }) }
}
