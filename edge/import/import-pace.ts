export interface ImportPace {
  /** After the first failure of the link, and at the most. */
  link: { firstMs: number; mostMs: number }
  /** For one patient whom the hub doesn't know yet, and while the operator has to decide. */
  patience: { firstMs: number; mostMs: number }
  /** A connection that brings nothing for this long is given up. */
  stalledMs: number
  connectMs: number
}

export const IMPORT_PACE: ImportPace = {
  link: { firstMs: 2_000, mostMs: 60_000 },
  patience: { firstMs: 60_000, mostMs: 30 * 60_000 },
  stalledMs: 60_000,
  connectMs: 15_000,
}
