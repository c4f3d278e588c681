import { localDayOf } from './local-day'

export type Lane = 'urgent' | 'history'

/** The parts of a document that say whether somebody waits for it. A tombstone has none of them. */
export interface LaneDocument {
  _rev?: string
  type?: string
  recordedAt?: string
  sourceId?: string
  resource?: unknown
}

/** What a waiting patient needs, and which element says when it happened, if it is not this very moment. */
const HAPPENED: Readonly<Record<string, readonly string[]>> = {
  Patient: [],
  Encounter: ['period.end'],
  Observation: ['effectiveDateTime', 'effectivePeriod.end', 'effectiveInstant', 'issued'],
  AllergyIntolerance: ['recordedDate'],
  MedicationRequest: ['authoredOn'],
  Condition: ['recordedDate'],
}

/**
 * Which lane a document goes in (R22): `urgent` what was recorded today, the facility's own day, and happened today as far
 * as it says; `history` everything else. A record of 2015 that another system's file brings in today is history, and so is a
 * patient who is only known from such a file (`sourceId`) until somebody changes him here.
 */
export function laneOf(document: LaneDocument, now: Date): Lane {
  const { type = '', recordedAt = '', sourceId, _rev = '', resource } = document
  const elements = Object.hasOwn(HAPPENED, type) ? HAPPENED[type] : undefined
  if (elements === undefined || recordedAt === '') return 'history'
  const dayStart = new Date(now.getFullYear(), now.getMonth(), now.getDate())
  if (isBefore(recordedAt, dayStart)) return 'history'
  if (sourceId !== undefined && (_rev === '' || _rev.startsWith('1-'))) return 'history'
  for (const element of elements) {
    const at = textAt(resource, element)
    if (at !== undefined) return isBefore(at, dayStart) ? 'history' : 'urgent'
  }
  return 'urgent'
}

/** A FHIR dateTime (`2015`, `2015-02`, `2015-02-07` or with a time and a zone); one without a time is a local day. */
function isBefore(dateTime: string, dayStart: Date): boolean {
  if (dateTime.includes('T')) return !(Date.parse(dateTime) >= dayStart.getTime())
  return dateTime < localDayOf(dayStart).slice(0, dateTime.length)
}

function textAt(resource: unknown, path: string): string | undefined {
  let value = resource
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return typeof value === 'string' ? value : undefined
}
