import type { DuplicateList, DuplicateRequest, PatientSummary } from '../../schemas/generated/types'
import { nationalNumber } from '../patients/found-patient'
import { LIKELY, POSSIBLE, scoreOf } from './score'

export interface DuplicateTools {
  find(text: string, page: { limit: number }): Promise<{ patients: PatientSummary[] }>
  bornOn(date: string, limit: number): Promise<PatientSummary[]>
  withNumber(digits: string, limit: number): Promise<PatientSummary[]>
}

/** As many as somebody compares. */
const MOST_SHOWN = 5
/** Looked at by each way: of a frequent name the best and newest, of a birth date nearly always all. */
const MOST_LOOKED_AT = 50

/** Who it might be: whoever has a name like it, was born on the day, or has one of the numbers, scored. */
export async function findDuplicates(entered: DuplicateRequest, tools: DuplicateTools): Promise<DuplicateList> {
  const { birthDate, phone, identifier } = entered
  const limit = MOST_LOOKED_AT
  const named = [entered.name, ...(birthDate ? [`${entered.name} ${birthDate.slice(0, 4)}`] : [])]
  const lists = await Promise.all([
    ...named.map(async (text) => (await tools.find(text, { limit })).patients),
    ...(birthDate?.length === 10 ? [tools.bornOn(birthDate, limit), tools.bornOn(swapped(birthDate), limit)] : []),
    ...[nationalNumber(phone ?? ''), identifier?.trim() ?? '']
      .filter((number) => number.length >= 5)
      .map((number) => tools.withNumber(number, limit)),
  ])
  const patients = new Map(lists.flat().map((patient) => [patient.mrn, patient]))
  if (entered.except !== undefined) patients.delete(entered.except)
  const candidates = [...patients.values()]
    .map((patient) => ({ patient, ...scoreOf(entered, patient) }))
    .filter(({ score }) => score >= POSSIBLE)
    .sort((a, b) => b.score - a.score || (a.patient.changedAt < b.patient.changedAt ? 1 : -1))
    .slice(0, MOST_SHOWN)
    .map((candidate) => ({
      ...candidate,
      likelihood: candidate.score >= LIKELY ? ('likely' as const) : ('possible' as const),
    }))
  return { candidates }
}

/** Day and month in each other's place, as slips happen. No list has a date that is none. */
function swapped(date: string): string {
  const [year, month, day] = date.split('-')
  return `${year}-${day}-${month}`
}
