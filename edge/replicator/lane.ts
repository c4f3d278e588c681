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

/** Types that can go first: which elements say when it happened, if it is not this very moment. */
const HAPPENED: Readonly<Record<string, readonly string[]>> = {
  AllergyIntolerance: ['recordedDate'],
  CarePlan: ['created', 'period.start'],
  Condition: ['recordedDate'],
  DiagnosticReport: ['effectiveDateTime', 'effectivePeriod.end', 'issued'],
  Encounter: ['period.end'],
  Immunization: ['occurrenceDateTime'],
  MedicationAdministration: ['effectiveDateTime', 'effectivePeriod.end'],
  MedicationRequest: ['authoredOn'],
  MedicationStatement: ['dateAsserted', 'effectiveDateTime'],
  Observation: ['effectiveDateTime', 'effectivePeriod.end', 'effectiveInstant', 'issued'],
  Patient: [],
  Procedure: ['performedDateTime', 'performedPeriod.end'],
  ServiceRequest: ['authoredOn'],
}

/** What a waiting patient needs, unless the hub's operator says otherwise. */
export const URGENT_TYPES: readonly string[] = [
  'Patient',
  'Encounter',
  'Observation',
  'AllergyIntolerance',
  'MedicationRequest',
  'Condition',
]

/**
 * Which lane a document goes in (R22): `urgent` what was recorded today, the facility's own day, and happened today as far
 * as it says; `history` everything else. A record of 2015 that another system's file brings in today is history, and so is a
 * patient who is only known from such a file (`sourceId`) until somebody changes him here.
 */
export function laneOf(document: LaneDocument, now: Date, urgentTypes: readonly string[] = URGENT_TYPES): Lane {
  const { type = '', recordedAt = '', sourceId, _rev = '', resource } = document
  const elements = urgentTypes.includes(type) && Object.hasOwn(HAPPENED, type) ? HAPPENED[type] : undefined
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
