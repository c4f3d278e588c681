import type { Directive, Rule } from './consent-rule'

/** Values of rules held against resources, for one record: far more than a person's Consents come to, and a second or two. */
export const MOST_COMPARISONS = 1_000_000

/**
 * Whether judging would keep this gateway from everybody else. A facility writes any number of Consents, and who reads a
 * record that is linked to its own would have to hold all of them against each resource.
 */
export function isTooMuch(directives: readonly Directive[], items: number): boolean {
  const values = directives.reduce((sum, { root }) => sum + valuesOf(root), 0)
  return values * items > MOST_COMPARISONS
}

function valuesOf({ actors, purposes, actions, classes, codes, labels, data, within }: Rule): number {
  const lists = [actors, purposes, actions, classes, codes?.flat(), labels, data]
  const own = lists.reduce((sum, list) => sum + (list?.length ?? 0), 1)
  return within.reduce((sum, rule) => sum + valuesOf(rule), own)
}
