/** How often is verified, and how long is waited. Tests have less time. */
export interface VerifyPace {
  /** The first time after a facility was accepted comes within this. */
  firstMs: number
  everyMs: number
  /** The part of it by which facilities are spread. */
  jitter: number
  /** After a run that did not end in agreement. */
  soonerMs: number
  /** After a try that the hub did not answer. */
  backOff: { firstMs: number; mostMs: number }
  /** How often is looked whether all is acknowledged. */
  lookMs: number
}

const HOUR_MS = 60 * 60_000

export const VERIFY_PACE: VerifyPace = {
  firstMs: 24 * HOUR_MS,
  everyMs: 7 * 24 * HOUR_MS,
  jitter: 0.1,
  soonerMs: 24 * HOUR_MS,
  backOff: { firstMs: 60_000, mostMs: HOUR_MS },
  lookMs: 500,
}
