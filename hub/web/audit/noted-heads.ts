import type { AuditHead, AuditHeads } from '../../../schemas/generated/types'

/** The ends of chains in a file that was kept outside; undefined where it is no such file. */
export function notedHeadsIn(text: string): AuditHead[] | undefined {
  let said: unknown
  try {
    said = JSON.parse(text)
  } catch {
    return undefined
  }
  const { heads, here } = (said ?? {}) as Partial<AuditHeads>
  if (!Array.isArray(heads) || !heads.every(isHead)) return undefined
  return [...heads, ...(isHead(here) ? [here] : [])]
}

function isHead(value: unknown): value is AuditHead {
  const { chain, number, hash } = (value ?? {}) as Record<string, unknown>
  return typeof chain === 'string' && Number.isInteger(number) && typeof hash === 'string'
}
