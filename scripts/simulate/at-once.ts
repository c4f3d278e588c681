/** Does the same for each of a list, so many at a time, and stops at the first error. */
export async function atOnce<T>(many: number, list: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const rest = list.values()
  const worker = async () => {
    for (const one of rest) await work(one)
  }
  await Promise.all(Array.from({ length: Math.min(many, list.length) }, worker))
}
