/** The values at a path of `SearchElement`: an array on the way stands for each of its items. */
export function valuesAt(resource: object, path: string): unknown[] {
  let values: unknown[] = [resource]
  for (const name of path.split('.')) {
    values = values.flatMap((value) => {
      const next = isObject(value) ? value[name] : undefined
      return next === undefined ? [] : Array.isArray(next) ? next : [next]
    })
  }
  return values
}

/** Every text in an element named `reference`, wherever it stands, contained resources too. */
export function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn)
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'reference' && typeof inner === 'string' ? [inner] : referencesIn(inner),
  )
}

/** A copy in which every `reference` is what `replace` makes of it. */
export function withReferences<T>(value: T, replace: (reference: string) => string): T
export function withReferences(value: unknown, replace: (reference: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => withReferences(item, replace))
  if (!isObject(value)) return value
  // fromEntries and not assignment: a property `__proto__` stays a property.
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === 'reference' && typeof inner === 'string' ? replace(inner) : withReferences(inner, replace),
    ]),
  )
}

/** Whether objects and arrays stand in one another no deeper than this. Stops looking there, so any input will do. */
export function isNestedWithin(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (levels === 0) return false
  return Object.values(value).every((inner) => isNestedWithin(inner, levels - 1))
}

/**
 * Whether a value comes back from JSON as what it was: no number that is infinite to JavaScript (`1e400` would become null), no
 * half of a surrogate pair, which CouchDB refuses.
 */
export function isLossless(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value === 'string') return !/\p{Cs}/u.test(value)
  return typeof value !== 'object' || value === null || Object.values(value).every(isLossless)
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
