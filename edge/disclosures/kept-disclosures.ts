import type { Disclosure } from '../../schemas/generated/types'
import { ON_DISK, type StatePart } from '../store/state'

/** Far more than a facility's records are read in years; the oldest are forgotten, and the hub has them all. */
export const MOST_KEPT = 100_000
/** Forgotten at once, so that it is not looked for at each one. */
const FORGOTTEN_AT_ONCE = 1_000

/** Who read this facility's records, as the hub has told it: there also while the link is down. */
export class KeptDisclosures {
  #count: number

  private constructor(
    private readonly part: StatePart<Disclosure>,
    count: number,
    private readonly most: number,
  ) {
    this.#count = count
  }

  static async open(part: StatePart<Disclosure>, most = MOST_KEPT): Promise<KeptDisclosures> {
    let count = 0
    for await (const _key of part.keys()) count += 1
    return new KeptDisclosures(part, count, most)
  }

  /** On the disk when it is answered. Those that are here already change nothing. How many were new. */
  async keep(disclosures: readonly Disclosure[]): Promise<number> {
    const keys = disclosures.map(keyOf)
    const known = await this.part.getMany(keys)
    const fresh = new Map(
      disclosures.flatMap((one, index) => (known[index] ? [] : [[keys[index] ?? '', one] as const])),
    )
    await this.part.batch(
      [...fresh].map(([key, value]) => ({ type: 'put', key, value })),
      ON_DISK,
    )
    this.#count += fresh.size
    if (this.#count > this.most) await this.#forgetOldest()
    return fresh.size
  }

  /** The moment of the newest; undefined where there is none. */
  async newestAt(): Promise<string | undefined> {
    for await (const { at } of this.part.values({ reverse: true, limit: 1 })) return at
    return undefined
  }

  /** Newest first. `next` is the cursor of the next page. */
  async page(
    limit: number,
    { mrn, cursor }: { mrn?: string | undefined; cursor?: string | undefined } = {},
  ): Promise<{ disclosures: Disclosure[]; next?: string }> {
    const disclosures: Disclosure[] = []
    for await (const [key, one] of this.part.iterator({
      reverse: true,
      ...(cursor !== undefined && { lte: cursor }),
    })) {
      if (mrn !== undefined && one.mrn !== mrn) continue
      if (disclosures.length === limit) return { disclosures, next: key }
      disclosures.push(one)
    }
    return { disclosures }
  }

  async #forgetOldest(): Promise<void> {
    const surplus = this.#count - this.most + Math.min(FORGOTTEN_AT_ONCE, this.most >> 1)
    const keys = await this.part.keys({ limit: surplus }).all()
    await this.part.batch(keys.map((key) => ({ type: 'del', key })))
    this.#count -= keys.length
  }
}

/** In the order of time. */
function keyOf({ at, id, mrn }: Disclosure): string {
  return `${at} ${id} ${mrn}`
}
