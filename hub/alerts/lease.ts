import type { LeaseDocument } from '../../schemas/generated/types'
import { isLeaseDocument } from '../../schemas/generated/validators'
import { type Database, stored } from '../nodes/database'

export interface LeaseTimes {
  /** Not done again sooner than this after it was done. */
  readonly everyMs: number
  /** How long its holder may be silent before another gateway takes over. */
  readonly leaseMs: number
}

/** What clocks of gateways may differ by. */
const ODD_CLOCKS_MS = 60_000

export class LeaseLost extends Error {
  constructor() {
    super('another gateway has taken over')
  }
}

/**
 * That one of any number of gateways does something, and another one where it dies over it. CouchDB's revisions decide: whoever
 * writes first has it. The gateways' clocks may differ by less than the lease; if they differ by more, something is done twice.
 */
export class Lease {
  private constructor(
    private readonly database: Pick<Database, 'get' | 'put'>,
    private readonly id: string,
    private readonly holder: string,
    private readonly times: LeaseTimes,
    private readonly now: () => Date,
  ) {}

  /** Undefined where it was done a moment ago, or another gateway does it. */
  static async claim(
    database: Pick<Database, 'get' | 'put'>,
    what: string,
    holder: string,
    { times, now }: { times: LeaseTimes; now: () => Date },
  ): Promise<Lease | undefined> {
    const id = `lease:${what}`
    const found = await read(database, id)
    const nowMs = now().getTime()
    if (found && found.holder !== holder && isAhead(found.until, nowMs, times.leaseMs)) return undefined
    if (found?.doneAt !== undefined && isAhead(found.doneAt, nowMs - times.everyMs, times.everyMs)) return undefined
    const lease = new Lease(database, id, holder, times, now)
    return (await lease.#write(found, {})) ? lease : undefined
  }

  /** To be called before each step that others can see: throws LeaseLost where another one has taken over. */
  async renew(): Promise<void> {
    const found = await read(this.database, this.id)
    if (found?.holder !== this.holder || !(await this.#write(found, {}))) throw new LeaseLost()
  }

  async done(): Promise<void> {
    const found = await read(this.database, this.id)
    const at = this.now().toISOString()
    if (found?.holder === this.holder) await this.#write(found, { doneAt: at, until: at })
  }

  async #write(found: LeaseDocument | undefined, more: Partial<LeaseDocument>): Promise<boolean> {
    const { id, holder } = this
    const until = new Date(this.now().getTime() + this.times.leaseMs).toISOString()
    const document = { ...found, _id: id, kind: 'lease' as const, holder, until, ...more }
    return (await this.database.put(document)) === 'written'
  }
}

/**
 * Within so much after a moment. What is further ahead no clock like this one can have written: a gateway whose clock was a year off
 * would keep all others out for a year.
 */
function isAhead(at: string, ofMs: number, withinMs: number): boolean {
  const ms = Date.parse(at) - ofMs
  return ms > 0 && ms <= withinMs + ODD_CLOCKS_MS
}

/** When it was last done. */
export async function lastDone(database: Pick<Database, 'get'>, what: string): Promise<string | undefined> {
  return (await read(database, `lease:${what}`))?.doneAt
}

async function read(database: Pick<Database, 'get'>, id: string): Promise<LeaseDocument | undefined> {
  const found = await database.get(id)
  return found === undefined ? undefined : stored(isLeaseDocument, found, 'lease')
}
