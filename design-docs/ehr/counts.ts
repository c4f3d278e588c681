import { icd10BlockOf } from '../../protocol/icd10-blocks'
import { isoWeekOf } from '../../protocol/iso-week'
import type { CouchDocument } from '../couch'

declare function emit(key: (string | number | null)[], value: number[]): void

type Json = Readonly<Record<string, unknown>>

/**
 * What public health counts (docs/public-health.md has the rules), without anybody's name or number in it.
 *
 * One row for each thing that counts, [measure, ISO year, facility, group?], and for what has a group another, [measure + '-by-group',
 * year, group, facility]. The value has a 1 at the place of its week, [0, 0, 1] in the third, so that `_sum` gives a year
 * of weeks in one row: any question is answered from some hundred rows, however many documents there are.
 * What has no day is under the year null.
 */
export function counts(doc: CouchDocument): void {
  const { type, facility } = doc
  if (typeof facility !== 'string' || typeof type !== 'string' || !isObject(doc['resource'])) return
  const resource = doc['resource']
  if (typeof doc['mrn'] !== 'string') {
    const place = placeOf(type, facility, resource)
    if (place) emit(['district', facility, ...place], [1])
    return
  }
  switch (type) {
    case 'Encounter':
      if (isVisit(resource)) count('visits', facility, member(resource['period'], 'start'))
      break
    case 'Condition':
      if (isDiagnosis(resource)) {
        count('diagnoses', facility, resource['recordedDate'] || resource['onsetDateTime'], icd10Of(resource))
      }
      break
    case 'Immunization':
      if (resource['status'] === 'completed' && resource['primarySource'] !== false) {
        count('immunizations', facility, resource['occurrenceDateTime'], vaccineOf(resource))
      }
      break
    case 'Patient':
      countPatient(resource, facility)
      break
  }
}

function count(measure: string, facility: string, date: unknown, group?: string): void {
  const at = isoWeekOf(date)
  const year = at ? at.year : null
  const value = [1]
  for (let week = at ? at.week : 1; week > 1; week--) value.unshift(0)
  if (group === undefined) emit([measure, year, facility], value)
  else {
    emit([measure, year, facility, group], value)
    emit([`${measure}-by-group`, year, group, facility], value)
  }
}

/** It has begun. What is part of another one is not a visit of its own. */
function isVisit(encounter: Json): boolean {
  const { status, partOf } = encounter
  return partOf === undefined && /^(arrived|triaged|in-progress|onleave|finished)$/.test(String(status))
}

/** Nobody doubts it. FHIR asks for no status: what has none was simply written down. */
function isDiagnosis({ verificationStatus }: Json): boolean {
  const codes = codingsOf(verificationStatus).map(({ code }) => code)
  return codes.every((code) => code === 'confirmed')
}

const ICD_10 = 'http://hl7.org/fhir/sid/icd-10'

function icd10Of({ code }: Json): string {
  for (const coding of codingsOf(code)) {
    const { system } = coding
    // icd-10-cm and the like have the same blocks.
    if (typeof system !== 'string' || (system !== ICD_10 && system.slice(0, ICD_10.length + 1) !== `${ICD_10}-`))
      continue
    const block = typeof coding['code'] === 'string' ? icd10BlockOf(coding['code']) : undefined
    if (block) return block
  }
  return 'other'
}

/** The form of a code is held to, so that no text that somebody wrote becomes a group. */
const VACCINE_CODES: readonly (readonly [system: string, prefix: string, form: RegExp])[] = [
  ['http://hl7.org/fhir/sid/cvx', 'cvx', /^[0-9]{1,3}$/],
  ['http://www.whocc.no/atc', 'atc', /^J07[A-Z0-9]{0,4}$/],
]

function vaccineOf({ vaccineCode }: Json): string {
  for (const [system, prefix, form] of VACCINE_CODES) {
    for (const coding of codingsOf(vaccineCode)) {
      const { code } = coding
      if (coding['system'] === system && typeof code === 'string' && form.test(code)) return `${prefix}:${code}`
    }
  }
  return 'other'
}

/**
 * Somebody is born once, wherever he is a patient later: the record that the others point at counts. Of a death the facility of that record may never
 * hear, so each record that has it counts, but for those that another one took the place of.
 */
function countPatient(patient: Json, facility: string): void {
  const links = objectsIn(patient['link']).map(({ type }) => type)
  if (links.indexOf('replaced-by') !== -1) return
  if (links.indexOf('seealso') === -1 && links.indexOf('refer') === -1) count('births', facility, patient['birthDate'])
  if (patient['deceasedDateTime'] !== undefined) count('deaths', facility, patient['deceasedDateTime'])
  else if (patient['deceasedBoolean'] === true) count('deaths', facility, undefined)
}

const EXTERNAL_ID = 'https://lontar.health/external-id'

/** How good this document is at saying where the facility is, and the district: the Organization of its own external ID, else a Location. */
function placeOf(type: string, facility: string, resource: Json): [number, string] | undefined {
  if (type !== 'Organization' && type !== 'Location') return undefined
  const isIt = ({ system, value }: Json) => system === EXTERNAL_ID && value === facility
  if (type === 'Organization' && !objectsIn(resource['identifier']).some(isIt)) return undefined
  const address = type === 'Location' ? resource['address'] : objectsIn(resource['address'])[0]
  const district = member(address, 'district')
  if (typeof district !== 'string' || district === '' || district.length > 100) return undefined
  return [type === 'Organization' ? 0 : 1, district]
}

function codingsOf(concept: unknown): Json[] {
  return objectsIn(member(concept, 'coding'))
}

function objectsIn(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function member(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
