import { FIELDS, type Field, type PatientForm } from './patient-form'

/** What somebody else has made of a field while it was open here. */
export interface Meanwhile {
  readonly field: Field
  readonly before: string
  readonly theirs: string
  /** Typed here too, and something else: one of the two is right. */
  readonly isBoth: boolean
}

export interface Merged {
  /** Ours with their changes, where ours has none; where both have one, ours stands until somebody says otherwise. */
  readonly form: PatientForm
  readonly meanwhile: readonly Meanwhile[]
}

/** Three versions of a form into one: the one that was read, what was typed here, and what is there now. */
export function merged(before: PatientForm, ours: PatientForm, theirs: PatientForm): Merged {
  const meanwhile = FIELDS.filter((field) => theirs[field] !== before[field]).map((field) => ({
    field,
    before: before[field],
    theirs: theirs[field],
    isBoth: ours[field] !== before[field] && ours[field] !== theirs[field],
  }))
  const taken = meanwhile
    .filter(({ field }) => ours[field] === before[field])
    .map(({ field }) => [field, theirs[field]])
  return { form: { ...ours, ...Object.fromEntries(taken) }, meanwhile }
}
