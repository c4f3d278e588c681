import type { EhrStore } from '../../edge/store/ehr'
import { mrnOf } from '../../protocol/mrn'
import type { RecordDocument } from '../../schemas/generated/types'
import { madeUpPatient } from '../../scripts/made-up/people'
import { Random } from '../../scripts/made-up/random'

export const PEOPLE = 100_000
const SEED = 20_261_123
const BATCH = 2_000
const TODAY = new Date('2026-11-23T00:00:00Z')

export interface Sample {
  mrn: string
  name: string
  birthDate: string
  phone: string
}

/** Syllables of names that nobody had to bear yet, so that there are as many different ones as in a real register. */
const SYLLABLES = [
  'su',
  'wi',
  'har',
  'ta',
  'yan',
  'dra',
  'ni',
  'lo',
  'mang',
  'ki',
  'ra',
  'sa',
  'pur',
  'no',
  'tri',
  'ma',
] as const
type Spelling = readonly [modern: string, old: string]

/** Some of the spellings that stand in registers for the same name. */
const SPELLINGS: readonly [Spelling, ...Spelling[]] = [
  ['u', 'oe'],
  ['j', 'dj'],
  ['y', 'j'],
  ['i', 'y'],
  ['s', 'sy'],
]

/** Made-up patients, each with a third name; one of twenty is spelled another way. The same ones on every machine. */
export async function fillStore(store: EhrStore, people: number): Promise<Sample[]> {
  const random = new Random(SEED)
  const sample: Sample[] = []
  for (let counter = 1; counter <= people; ) {
    const documents: RecordDocument[] = []
    for (; documents.length < BATCH && counter <= people; counter++) {
      const document = madeUpDocument(random, counter)
      documents.push(document)
      if (random.chance(2_000 / people)) sample.push(sampleOf(document))
    }
    await store.write(async () => documents.map((document) => ({ id: document._id, document, expectedRev: undefined })))
  }
  return sample
}

function madeUpDocument(random: Random, counter: number): RecordDocument {
  const mrn = mrnOf('101', counter)
  const patient = madeUpPatient(random, mrn, TODAY)
  const text = spelled(
    random,
    `${random.chance(0.1) ? 'Muhammad ' : ''}${patient.name?.[0]?.text} ${thirdName(random)}`,
  )
  return {
    _id: `${mrn}:Patient`,
    type: 'Patient',
    mrn,
    facility: '101',
    recordedAt: new Date(TODAY.getTime() - random.whole(0, 3 * 365 * 86_400) * 1_000).toISOString(),
    resource: { ...patient, name: [{ use: 'official', text }] } as unknown as RecordDocument['resource'],
  }
}

function thirdName(random: Random): string {
  const name = Array.from({ length: random.whole(2, 4) }, () => random.pick(SYLLABLES)).join('')
  return name.charAt(0).toUpperCase() + name.slice(1)
}

function spelled(random: Random, name: string): string {
  if (!random.chance(0.05)) return name
  const [modern, old] = random.pick(SPELLINGS)
  return name.replaceAll(modern, old)
}

function sampleOf({ mrn, resource }: RecordDocument): Sample {
  const { name, birthDate, telecom } = resource as unknown as {
    name: [{ text: string }]
    birthDate: string
    telecom: [{ value: string }]
  }
  return { mrn: mrn ?? '', name: name[0].text, birthDate, phone: telecom[0].value }
}
