import type { Sources } from './sources'

/** One line of the table: a piece of work, and what is to be reached. */
export interface Row {
  name: string
  work: string
  toReach: string
  /** Undefined where there is nothing that a stock replication could be compared in. */
  stock?: (sources: Sources) => Promise<string>
  ours: (sources: Sources) => Promise<string>
}

/** The stock replication hangs in some of these: after this long it is taken for what it has done. */
export const STOCK_LIMIT_MS = 150_000
export const OUR_LIMIT_MS = 30 * 60_000

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString('en')
}
