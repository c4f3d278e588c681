import { ulid } from 'ulid'
import { localInstant } from './local-instant'
import { plausibilityOf, VITAL_NAMES, type VitalName } from './vital-signs'

/** What stands in the fields, as it was typed. The draft keeps exactly this. */
export interface VisitForm {
  /** Made with the first key: what is saved twice because an answer was lost has the same ids, and is there once. */
  readonly visit?: string
  /** With the offset of this place. */
  readonly startedAt?: string
  readonly complaint: string
  readonly vitals: Readonly<Partial<Record<VitalName, string>>>
  /** The unusual values of which somebody has said that they are so. */
  readonly sure: Readonly<Partial<Record<VitalName, string>>>
  readonly diagnoses: readonly Diagnosis[]
  /** What stands in the search for a diagnosis, and is none yet. */
  readonly diagnosing: string
  readonly prescriptions: readonly Prescription[]
  readonly immunizations: readonly Vaccination[]
  readonly allergies: readonly NewAllergy[]
  readonly notes: string
}

export interface Diagnosis {
  readonly key: string
  /** ICD-10; absent where it was told in words. */
  readonly code?: string
  readonly title: string
  /** Stays among the problems of the patient after the visit. */
  readonly isLasting: boolean
}

export interface Prescription {
  readonly key: string
  readonly medicine: string
  readonly dosage: string
  /** Why it is prescribed in spite of an allergy. */
  readonly because: string
}

export interface Vaccination {
  readonly key: string
  readonly vaccine: string
  readonly batch: string
}

export interface NewAllergy {
  readonly key: string
  readonly substance: string
  readonly reaction: string
  readonly isSevere: boolean
}

export const EMPTY_VISIT: VisitForm = {
  complaint: '',
  vitals: {},
  sure: {},
  diagnoses: [],
  diagnosing: '',
  prescriptions: [],
  immunizations: [],
  allergies: [],
  notes: '',
}

export function begun(form: VisitForm, now: Date): VisitForm {
  return form.visit === undefined ? { ...form, visit: ulid(now.getTime()), startedAt: localInstant(now) } : form
}

/** With one more diagnosis; the very same one is there once. One title under two codes is two. */
export function diagnosed(before: readonly Diagnosis[], diagnosis: Omit<Diagnosis, 'isLasting'>): readonly Diagnosis[] {
  const isThere = before.some(({ code, title }) => code === diagnosis.code && title === diagnosis.title)
  return isThere ? before : [...before, { ...diagnosis, isLasting: false }]
}

/** What has to be seen to before the visit can be saved, by the field that it is at. */
export type Obstacle =
  | { readonly kind: 'empty' }
  | { readonly kind: 'vital'; readonly name: VitalName; readonly problem: 'noNumber' | 'impossible' | 'unusual' }
  | { readonly kind: 'halfPressure' }
  | { readonly kind: 'diagnosing' }
  /** A line with something in it, and not what it is about. */
  | { readonly kind: 'nameless'; readonly key: string }
  | { readonly kind: 'allergy'; readonly key: string }

/** @param meets  whether a medicine meets a recorded allergy, or one that is written down at this visit */
export function obstaclesIn(
  form: VisitForm,
  years: number | undefined,
  meets: (medicine: string) => boolean,
): Obstacle[] {
  const vitals = VITAL_NAMES.flatMap((name): Obstacle[] => {
    const typed = form.vitals[name] ?? ''
    if (typed.trim() === '') return []
    const { kind } = plausibilityOf(name, typed, years)
    if (kind === 'fits' || (kind === 'unusual' && form.sure[name] === typed)) return []
    return [{ kind: 'vital', name, problem: kind }]
  })
  const isHalf = ((form.vitals.systolic?.trim() ?? '') === '') !== ((form.vitals.diastolic?.trim() ?? '') === '')
  const allergic = filled(form.prescriptions, 'medicine').filter(
    ({ medicine, because }) => because.trim() === '' && meets(medicine),
  )
  return [
    ...(isEmpty(form) ? [{ kind: 'empty' as const }] : []),
    ...vitals,
    ...(isHalf ? [{ kind: 'halfPressure' as const }] : []),
    ...(form.diagnosing.trim() === '' ? [] : [{ kind: 'diagnosing' as const }]),
    ...namelessIn(form).map(({ key }) => ({ kind: 'nameless' as const, key })),
    ...allergic.map(({ key }) => ({ kind: 'allergy' as const, key })),
  ]
}

function isEmpty(form: VisitForm): boolean {
  return (
    [form.complaint, form.diagnosing, form.notes, ...Object.values(form.vitals)].every((text) => text.trim() === '') &&
    form.diagnoses.length === 0 &&
    namelessIn(form).length === 0 &&
    filled(form.prescriptions, 'medicine').length === 0 &&
    filled(form.immunizations, 'vaccine').length === 0 &&
    filled(form.allergies, 'substance').length === 0
  )
}

/** What somebody typed is nowhere left out without a word. */
function namelessIn({ prescriptions, immunizations, allergies }: VisitForm): { readonly key: string }[] {
  const isTyped = (...texts: string[]) => texts.some((text) => text.trim() !== '')
  return [
    ...prescriptions.filter(({ medicine, dosage, because }) => !isTyped(medicine) && isTyped(dosage, because)),
    ...immunizations.filter(({ vaccine, batch }) => !isTyped(vaccine) && isTyped(batch)),
    ...allergies.filter(({ substance, reaction, isSevere }) => !isTyped(substance) && (isSevere || isTyped(reaction))),
  ]
}

/** A line that nothing was typed into is no line. */
export function filled<K extends string, T extends Readonly<Record<K, string>>>(lines: readonly T[], name: K): T[] {
  return lines.filter((line) => line[name].trim() !== '')
}
