import type { Query } from '@tanstack/react-query'

/** Of `Condition/10100000018.01J…` and `Patient/10100000018`: 10100000018. */
export function mrnIn(reference: string): string {
  const [, id = ''] = reference.split('/')
  return id.split('.')[0] ?? ''
}

/**
 * Whether what a page shows may be another one now: a list of patients by any Patient, and whatever names a patient in its key by
 * anything of that patient's record.
 */
export function isConcerned({ queryKey }: Pick<Query, 'queryKey'>, changed: readonly string[]): boolean {
  if (queryKey[0] === 'patients') return changed.some((reference) => reference.startsWith('Patient/'))
  const mrns = new Set(changed.map(mrnIn))
  return queryKey.some((part) => typeof part === 'string' && mrns.has(part))
}
