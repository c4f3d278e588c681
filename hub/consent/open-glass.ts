import type { AuditDatabase } from '../audit/audit-database'
import { END } from '../audit/audit-page'
import { brokenGlass } from './broken-glass'

/** More are not counted. */
const MOST_COUNTED = 1_000
/** What gateways' clocks may differ by: an entry may come that is older than one that was there before. */
const ODD_CLOCKS_MS = 24 * 3_600_000

export interface WaitingGlass {
  readonly count: number
  readonly isMore: boolean
  /** When the glass was broken that waits longest. */
  readonly since?: string
}

/**
 * The broken glass that waits for its review. What was reviewed stays so, and over the years that is nearly all: a gateway looks at it
 * once after its start, and then from the oldest on that is open. It remembers nothing that it could not find again (law 9).
 */
export class OpenGlass {
  #from = ''

  constructor(
    private readonly database: Pick<AuditDatabase, 'view'>,
    private readonly now: () => Date,
  ) {}

  async waiting(): Promise<WaitingGlass> {
    const begunMs = this.now().getTime()
    let count = 0
    let isMore = false
    let since: string | undefined
    for await (const { entry } of brokenGlass(this.database, [this.#from], [END])) {
      if (entry.status !== 'open') continue
      since ??= entry.at
      if (count === MOST_COUNTED) {
        isMore = true
        break
      }
      count++
    }
    this.#from = new Date((since === undefined ? begunMs : Date.parse(since)) - ODD_CLOCKS_MS).toISOString()
    return { count, isMore, ...(since !== undefined && { since }) }
  }
}
