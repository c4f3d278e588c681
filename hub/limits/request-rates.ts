import type { Request, RequestHandler } from 'express'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { CodedError } from '../../protocol/error-codes'
import { addressKey } from './address-key'
import { isPostTo } from './is-post-to'
import { ProvenCallers } from './proven-callers'

/** Requests a minute, at one gateway. */
export interface Rates {
  /** Of one address, whatever it asks. */
  readonly address: number
  /** Of one facility that has shown its password; and as many imports that it has signed. */
  readonly node: number
  /** New registrations of one address. */
  readonly registrations: number
  /** Requests of one address that were answered with 401. Then it has to wait, also with the right password, unless that was shown before. */
  readonly failures: number
}

export type RateLimit = keyof Rates | 'imports'

const MINUTE_SECONDS = 60

/**
 * Counted at each gateway by itself: no count is worth a write to the database for each request (what has to hold at all of
 * them together, the lock of an operator's account, is kept there). Behind n gateways the limits are up to n times as high.
 */
export class RequestRates {
  readonly #address: RateLimiterMemory
  readonly #node: RateLimiterMemory
  readonly #imports: RateLimiterMemory
  readonly #registrations: RateLimiterMemory
  readonly #failures: RateLimiterMemory
  readonly #proven = new ProvenCallers()

  /** @param onLimited told of each refusal, for the metrics */
  constructor(
    rates: Rates,
    private readonly onLimited: (which: RateLimit) => void = () => {},
  ) {
    const limiter = (points: number) => new RateLimiterMemory({ points, duration: MINUTE_SECONDS })
    this.#address = limiter(rates.address)
    this.#node = limiter(rates.node)
    this.#imports = limiter(rates.node)
    this.#registrations = limiter(rates.registrations)
    this.#failures = limiter(rates.failures)
  }

  /** Stands before all routes. */
  readonly ofAddress: RequestHandler = async (request, response, next) => {
    const key = addressKey(request.ip)
    await this.#take(this.#address, 'address', key)
    const failed = await this.#failures.get(key)
    if (failed !== null && failed.remainingPoints <= 0 && !this.#proven.has(request)) {
      throw this.#limited('failures', failed)
    }
    if (isRegistration(request)) await this.#take(this.#registrations, 'registrations', key)
    response.once('finish', () => {
      if (response.statusCode === 401) void this.#failures.penalty(key)
    })
    next()
  }

  /** To be told of everybody who was let in: others who guess at his address do not hold him up for the next while. */
  letIn(request: Request): void {
    this.#proven.add(request)
  }

  /** As `letIn`, for a facility. Throws RATE_LIMITED. */
  ofNode(request: Request, nodeName: string): Promise<void> {
    this.#proven.add(request, nodeName)
    return this.#take(this.#node, 'node', nodeName)
  }

  /**
   * An import in the facility's name. Somebody else may send it: what he has seen of another may be sent again (contract, section 6).
   * So it takes nothing from the facility's pushes, and speaks for no address. Throws RATE_LIMITED.
   */
  ofImport(nodeName: string): Promise<void> {
    return this.#take(this.#imports, 'imports', nodeName)
  }

  async #take(limiter: RateLimiterMemory, which: RateLimit, key: string): Promise<void> {
    try {
      await limiter.consume(key)
    } catch (refused) {
      throw refused instanceof RateLimiterRes ? this.#limited(which, refused) : refused
    }
  }

  #limited(which: RateLimit, { msBeforeNext }: RateLimiterRes): CodedError {
    this.onLimited(which)
    const retryAfterSeconds = Math.max(1, Math.ceil(msBeforeNext / 1_000))
    return new CodedError('RATE_LIMITED', `Too many requests within a minute from this ${WHOSE[which]}.`, {
      headers: { 'Retry-After': String(retryAfterSeconds) },
    })
  }
}

const WHOSE: Readonly<Record<RateLimit, string>> = {
  address: 'address',
  node: 'facility',
  imports: 'facility',
  registrations: 'address',
  failures: 'address with wrong credentials',
}

function isRegistration(request: Request): boolean {
  return isPostTo('/registrations', request)
}
