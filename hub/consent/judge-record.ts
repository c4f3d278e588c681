import type { Reading } from './conditions'
import type { Directive } from './consent-rule'
import { isTooMuch } from './effort'
import { type ConsentPolicy, type ItemVerdict, judgeItem } from './judge-item'
import type { RecordItem } from './record-item'

/** What of a record a reader gets. */
export type RecordVerdict =
  | { kind: 'refused' }
  /** What is kept back, as FHIR refers to it: `Observation/10100000042.o1`. Often nothing. */
  | { kind: 'released'; withheld: ReadonlySet<string> }

/** Two resources of different types can have the same id. */
export function referenceTo({ type, id }: { type: string; id: string }): string {
  return `${type}/${id}`
}

/**
 * A whole record. It is refused as a whole if its Patient is, for nobody can use the rest without knowing whose it is.
 *
 * Where nothing but the policy, or a rule about everything, keeps back the Patient, and a Consent permits something else of
 * the record, then the Patient goes with that. And where anything is kept back, so are the Consents: they would tell what.
 *
 * More rules than can be held against it are as one that nobody can read: they refuse all of it.
 */
export function judgeRecord(
  items: readonly RecordItem[],
  directives: readonly Directive[],
  reading: Reading,
  policy: ConsentPolicy,
): RecordVerdict {
  if (isTooMuch(directives, items.length)) return { kind: 'refused' }
  const verdicts = new Map(items.map((item) => [item, judgeItem(item, directives, reading, policy)]))
  const patient = items.find(({ type }) => type === 'Patient')
  const ofPatient = patient && verdicts.get(patient)
  const others = items.filter(({ type }) => type !== 'Patient')
  if (ofPatient && !ofPatient.released) {
    const goesAlong = ofPatient.by !== 'part' && others.some((item) => isPermitted(verdicts.get(item)))
    if (!goesAlong) return { kind: 'refused' }
  }
  const withheld = new Set(others.filter((item) => verdicts.get(item)?.released === false).map(referenceTo))
  if (withheld.size > 0) for (const item of others) if (item.type === 'Consent') withheld.add(referenceTo(item))
  return { kind: 'released', withheld }
}

function isPermitted(verdict: ItemVerdict | undefined): boolean {
  return verdict?.released === true && verdict.by === 'rule'
}
