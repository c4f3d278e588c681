const audited = new WeakSet<object>()

/** That an error has its entry, so that nobody further out writes another. */
export function markAudited(error: object): void {
  audited.add(error)
}

export function isAudited(error: unknown): boolean {
  return typeof error === 'object' && error !== null && audited.has(error)
}
