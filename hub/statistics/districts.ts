import type { Sums } from './read-counts'

const REMEMBERED_MS = 60_000
/** Documents that say where a facility is. */
const MOST_PLACES = 5_000

/** In which district each facility is, as the ministry has set it, else by its own documents. Remembered for a minute: it is the same for every question. */
export function districtsOf(
  sums: Sums,
  set: () => Promise<ReadonlyMap<string, string>>,
  nowMs: () => number,
): () => Promise<ReadonlyMap<string, string>> {
  let known: { at: number; districts: Promise<ReadonlyMap<string, string>> } | undefined
  return () => {
    if (known && nowMs() - known.at < REMEMBERED_MS) return known.districts
    const asked = { at: nowMs(), districts: read(sums, set) }
    known = asked
    asked.districts.catch(() => {
      if (known === asked) known = undefined
    })
    return asked.districts
  }
}

async function read(sums: Sums, set: () => Promise<ReadonlyMap<string, string>>): Promise<ReadonlyMap<string, string>> {
  const asked = sums({
    startkey: ['district'],
    endkey: ['district', {}],
    groupLevel: 4,
    limit: MOST_PLACES,
    isFresh: false,
  })
  const [rows, bySetting] = await Promise.all([asked, set()])
  const districts = new Map(bySetting)
  // What is set counts; of what they say the best one comes first: an Organization of its own before a Location.
  for (const { key } of rows) if (!districts.has(String(key[1]))) districts.set(String(key[1]), String(key[3]))
  return districts
}
