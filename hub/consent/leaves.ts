import { type Directive, type Rule, readConsent, UNREADABLE } from './consent-rule'
import { isObject } from './fhir-json'

/** Two machines of a facility wrote at once; of more than so many nobody can tell any more what is meant. */
export const MOST_LEAVES = 10

/**
 * A Consent of which there are several revisions that nobody has brought together: which of them CouchDB shows is chance, so what any of
 * them refuses counts, as if it were as new as the newest of all; a permit counts in the one that is shown alone.
 *
 * @param lost  the documents of the other revisions
 */
export function refusalsOfLeaves(won: Directive | undefined, lost: readonly unknown[], now: Date): Directive[] {
  if (lost.length > MOST_LEAVES) return [{ atMs: now.getTime(), root: UNREADABLE }]
  const others = lost.flatMap((document) => {
    if (!isObject(document)) return { atMs: now.getTime(), root: UNREADABLE }
    return readConsent(document['resource'], String(document['recordedAt']), now) ?? []
  })
  const atMs = Math.max(...[...(won ? [won] : []), ...others].map((one) => one.atMs))
  return [...(won ? [won] : []), ...others.map(({ root }) => ({ atMs, root: refusalsIn(root) }))]
}

function refusalsIn({ type, ...rule }: Rule): Rule {
  return { ...rule, ...(type === 'deny' && { type }), within: rule.within.map(refusalsIn) }
}
