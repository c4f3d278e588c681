import { Random } from '../made-up/random'

/** How a simulated facility behaves, so that whoever looks at the ministry has something to find. */
export const MANNERS = ['steady', 'silent', 'behind', 'refused', 'waiting'] as const

export type Manner = (typeof MANNERS)[number]

export interface PlannedFacility {
  readonly externalId: string
  readonly name: string
  readonly group: string
  readonly manner: Manner
}

/** How many of each manner; all others are steady. */
export type Odd = Readonly<Record<Exclude<Manner, 'steady'>, number>>

/** External IDs from here on, all as long as each other: none is the beginning of another (law 2). */
export const FIRST_ID = 3_000
export const MOST_FACILITIES = 5_000

const PLACES: readonly [[string, string], ...[string, string][]] = [
  ['Saumlaki', 'Kepulauan Tanimbar'],
  ['Ruteng', 'Manggarai'],
  ['Merauke', 'Merauke'],
  ['Sabang', 'Kota Sabang'],
  ['Balige', 'Toba'],
  ['Wonogiri', 'Wonogiri'],
  ['Karangasem', 'Karangasem'],
  ['Tasikmalaya', 'Tasikmalaya'],
  ['Dobo', 'Kepulauan Aru'],
  ['Wamena', 'Jayawijaya'],
  ['Atambua', 'Belu'],
  ['Waikabubak', 'Sumba Barat'],
  ['Tobelo', 'Halmahera Utara'],
  ['Melonguane', 'Kepulauan Talaud'],
  ['Putussibau', 'Kapuas Hulu'],
  ['Nunukan', 'Nunukan'],
]

/** The same seed plans the same facilities, on every machine. */
export function planned(facilities: number, odd: Odd, seed: number): PlannedFacility[] {
  if (facilities < 1 || facilities > MOST_FACILITIES) throw new RangeError(`1 to ${MOST_FACILITIES} facilities`)
  const wanted = MANNERS.flatMap((manner) => (manner === 'steady' ? [] : Array<Manner>(odd[manner]).fill(manner)))
  if (wanted.length > facilities) {
    throw new RangeError(`${wanted.length} of ${facilities} facilities can not be odd`)
  }
  const random = new Random(seed)
  const manners = shuffled([...wanted, ...Array<Manner>(facilities - wanted.length).fill('steady')], random)
  return manners.map((manner, at) => {
    const [place, district] = random.pick(PLACES)
    const kind = random.chance(0.15) ? 'RSUD' : random.chance(0.8) ? 'Puskesmas' : 'Klinik'
    return {
      externalId: String(FIRST_ID + at),
      name: `${kind} ${place} ${Math.floor(at / PLACES.length) + 1}`,
      group: district,
      manner,
    }
  })
}

/** Fisher and Yates. */
function shuffled<T>(list: T[], random: Random): T[] {
  const result = [...list]
  for (let at = result.length - 1; at > 0; at--) {
    const other = random.whole(0, at)
    const [one, two] = [result[at], result[other]]
    if (one !== undefined && two !== undefined) {
      result[at] = two
      result[other] = one
    }
  }
  return result
}
