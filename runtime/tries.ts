/** Wrong tries at one place: a name, an address, or a name from an address. */
export interface Tries {
  failures: number
  lastAt: string
  lockedUntil?: string
  /** When somebody signed in from here last. */
  rightAt?: string
}

const FIRST_WAIT_MS = 30_000
export const MOST_WAIT_MS = 15 * 60_000
/** Without another wrong one. */
export const FORGOTTEN_MS = 60 * 60_000
/** How long an address stays known to a name. */
export const KNOWN_MS = 30 * 24 * 60 * 60_000

/** Until when nothing is tried here; undefined where something can be. */
export function lockedUntilMs(tries: Tries | undefined, nowMs: number): number | undefined {
  const until = tries?.lockedUntil === undefined ? 0 : Date.parse(tries.lockedUntil)
  return until > nowMs ? until : undefined
}

export function isKnown(tries: Tries | undefined, nowMs: number): boolean {
  return tries?.rightAt !== undefined && nowMs - Date.parse(tries.rightAt) < KNOWN_MS
}

/** Counts a try before it is made, so that no two gateways make the last free one. Beyond `free` a wait begins, doubled each time. */
export function counted(tries: Tries | undefined, free: number, nowMs: number): Tries {
  const failures = (tries && !isForgotten(tries, nowMs) ? tries.failures : 0) + 1
  const over = failures - free
  const waitMs = over > 0 ? Math.min(FIRST_WAIT_MS * 2 ** Math.min(over - 1, 20), MOST_WAIT_MS) : 0
  return {
    failures,
    lastAt: new Date(nowMs).toISOString(),
    ...(waitMs > 0 && { lockedUntil: new Date(nowMs + waitMs).toISOString() }),
    ...(tries?.rightAt !== undefined && { rightAt: tries.rightAt }),
  }
}

/** The try was right: the name is known from here. */
export function forgiven(nowMs: number): Tries {
  const now = new Date(nowMs).toISOString()
  return { failures: 0, lastAt: now, rightAt: now }
}

/** The try was right, and says nothing about the others at this place: only it is taken out again. */
export function uncounted(tries: Tries, free: number): Tries {
  const { lockedUntil, ...rest } = tries
  const failures = Math.max(0, tries.failures - 1)
  return { ...rest, failures, ...(lockedUntil !== undefined && failures > free && { lockedUntil }) }
}

/** Nothing in it counts any more. */
export function isStale(tries: Tries, nowMs: number): boolean {
  return isForgotten(tries, nowMs) && !isKnown(tries, nowMs)
}

function isForgotten({ lastAt, lockedUntil }: Tries, nowMs: number): boolean {
  return nowMs >= Math.max(Date.parse(lastAt), lockedUntil === undefined ? 0 : Date.parse(lockedUntil)) + FORGOTTEN_MS
}
