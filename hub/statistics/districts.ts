import type { Sums } from './read-counts'

const REMEMBERED_MS = 60_000
/** Documents that say where a facility is. */
const MOST_PLACES = 5_000

/** In which district each facility is, by its own documents. Remembered for a minute: it is the same for every question. */
export function districtsOf(sums: Sums, nowMs: () => number): () => Promise<ReadonlyMap<string, string>> {
  let known: { at: number; districts: Promise<ReadonlyMap<string, string>> } | undefined
  return () => {
    if (known && nowMs() - known.at < REMEMBERED_MS) return known.districts
    const asked = { at: nowMs(), districts: read(sums) }
    known = asked
    asked.districts.catch(() => {
      if (known === asked) known = undefined
    })
    return asked.districts
  }
}

async function read(sums: Sums): Promise<ReadonlyMap<string, string>> {
  const rows = await sums({
    startkey: ['district'],
    endkey: ['district', {}],
    groupLevel: 4,
    limit: MOST_PLACES,
    isFresh: false,
  })
  const districts = new Map<string, string>()
  // The best one comes first: an Organization of its own before a Location.
  for (const { key } of rows) if (!districts.has(String(key[1]))) districts.set(String(key[1]), String(key[3]))
  return districts
}
