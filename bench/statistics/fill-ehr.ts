import { icd10Blocks } from '../../protocol/icd10-blocks'
import { documentIdOf, resourceIdOf } from '../../protocol/ids'
import { dayText, mondayOf } from '../../protocol/iso-week'
import { mrnOf } from '../../protocol/mrn'
import { Random } from '../../scripts/made-up/random'

export const FACILITIES = 400
export const WEEKS = 104
export const LAST_WEEK = { year: 2026, week: 47 } as const
const DISTRICTS = 60
const PATIENTS_OF_ONE = 200
const SEED = 20_261_123
const BATCH = 2_000

const FIRST_DAY = mondayOf(LAST_WEEK) - (WEEKS - 1) * 7
const RECORDED_AT = '2026-11-22T07:41:03.120Z'
/** What primary care sees is in some of the blocks; one of five is in any of them. */
const USUAL = [
  'A00-A09',
  'A15-A19',
  'A92-A99',
  'B50-B64',
  'E10-E14',
  'I10-I15',
  'J00-J06',
  'J20-J22',
  'K20-K31',
  'M40-M54',
]
const VACCINES = ['03', '08', '10', '19', '20', '45', '89', '110', '119', '133', '207'] as const

/** External IDs `100` to `499`: none begins another. */
export function externalIdOf(index: number): string {
  return String(100 + index)
}

export type BulkDocs = (docs: readonly object[]) => Promise<unknown>

/** Small documents of 400 facilities over 104 weeks, the same ones on every machine; busy facilities have many times what others have. */
export async function fillEhr(bulkDocs: BulkDocs, documents: number, from = 0): Promise<void> {
  const random = new Random(SEED + from)
  let next = from
  const worker = async () => {
    while (next < from + documents) {
      const docs: object[] = []
      for (; docs.length < BATCH && next < from + documents; next++) {
        docs.push(next < FACILITIES ? organization(next) : madeUpDocument(random, next))
      }
      await bulkDocs(docs)
    }
  }
  await Promise.all([worker(), worker(), worker(), worker()])
}

function organization(index: number): object {
  const facility = externalIdOf(index)
  const place = { partition: facility, type: 'Organization', local: 'self' }
  return {
    _id: documentIdOf(place),
    type: 'Organization',
    facility,
    recordedAt: RECORDED_AT,
    resource: {
      resourceType: 'Organization',
      id: resourceIdOf(place),
      name: `Puskesmas ${index}`,
      identifier: [{ system: 'https://lontar.health/external-id', value: facility }],
      address: [{ district: `Kabupaten ${index % DISTRICTS}` }],
    },
  }
}

function madeUpDocument(random: Random, number: number): object {
  // The square makes the first ones busy.
  const facility = externalIdOf(Math.floor(random.next() ** 2 * FACILITIES))
  const share = random.next()
  // A Patient has a number of its own; others belong to one of the first.
  const mrn = mrnOf(facility, share < 0.1 ? PATIENTS_OF_ONE + number : random.whole(1, PATIENTS_OF_ONE))
  const day = dayText(FIRST_DAY + random.whole(0, WEEKS * 7 - 1))
  const at = `${day}T0${random.whole(1, 9)}:${random.whole(10, 59)}:00.000Z`
  const [type, elements] = elementsOf(random, share, mrn, day, at)
  const place = type === 'Patient' ? { partition: mrn, type } : { partition: mrn, type, local: `b${number}` }
  const resource = { resourceType: type, id: resourceIdOf(place), ...elements }
  return { _id: documentIdOf(place), type, mrn, facility, recordedAt: RECORDED_AT, resource }
}

function elementsOf(random: Random, share: number, mrn: string, day: string, at: string): [string, object] {
  const subject = { reference: `Patient/${mrn}` }
  if (share < 0.1) {
    const birthDate = random.chance(0.3) ? day : `${random.whole(1940, 2023)}-0${random.whole(1, 9)}-15`
    return [
      'Patient',
      { name: [{ text: 'Made Up' }], birthDate, ...(random.chance(0.03) && { deceasedDateTime: day }) },
    ]
  }
  if (share < 0.45) return ['Encounter', { status: 'finished', class: { code: 'AMB' }, subject, period: { start: at } }]
  if (share < 0.75) return ['Condition', { code: { coding: [diagnosis(random)] }, subject, recordedDate: at }]
  if (share < 0.95) {
    const coding = [{ system: 'http://hl7.org/fhir/sid/cvx', code: random.pick(VACCINES) }]
    return ['Immunization', { status: 'completed', vaccineCode: { coding }, patient: subject, occurrenceDateTime: at }]
  }
  return [
    'Observation',
    { status: 'final', code: { text: 'Weight' }, subject, effectiveDateTime: at, valueString: '58' },
  ]
}

const BLOCKS = icd10Blocks()

function diagnosis(random: Random): object {
  const blocks = random.chance(0.8) ? USUAL : BLOCKS
  const block = blocks[random.whole(0, blocks.length - 1)] ?? 'J00-J06'
  return { system: 'http://hl7.org/fhir/sid/icd-10', code: `${block.slice(0, 3)}.${random.whole(0, 9)}` }
}
