/**
 * Whether a condition of a rule is met. `unclear`: the hub can not tell, because the condition is of a kind that it does not
 * know, or names somebody whom it can not find. A permit counts only where all is `yes`; a refusal unless something is `no`.
 */
export type Holds = 'yes' | 'no' | 'unclear'

/** A list that is not there narrows nothing. */
export function anyOf(given: readonly Holds[] | undefined): Holds {
  if (given === undefined || given.includes('yes')) return 'yes'
  return given.includes('unclear') ? 'unclear' : 'no'
}

export function allOf(given: readonly Holds[]): Holds {
  if (given.includes('no')) return 'no'
  return given.includes('unclear') ? 'unclear' : 'yes'
}

export function holds(isTrue: boolean): Holds {
  return isTrue ? 'yes' : 'no'
}
