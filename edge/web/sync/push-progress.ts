import type { EdgeStatus } from '../../../schemas/generated/types'

/** One look at the status while this page is open. */
export interface PushSample {
  readonly atMs: number
  readonly pending: number
  readonly bytesPerSecond: number
}

export interface PushHistory {
  /** Oldest first. */
  readonly samples: readonly PushSample[]
  /** The most that has waited since nothing did; 0 where nothing waits. */
  readonly peak: number
}

export const NO_HISTORY: PushHistory = { samples: [], peak: 0 }

const MOST_SAMPLES = 60
/** Of a stretch this long one sample is kept. */
const EVERY_MS = 2_000

/** What is known after another look. Whatever is written while records go up moves the goal, so the bar may go back. */
export function withSample(
  { samples, peak }: PushHistory,
  { pendingDocuments: pending, bytesPerSecond }: EdgeStatus['sync'],
  atMs: number,
): PushHistory {
  const last = samples.at(-1)
  const sample = { atMs, pending, bytesPerSecond }
  const earlier = last !== undefined && atMs - (samples.at(-2)?.atMs ?? 0) < EVERY_MS ? samples.slice(0, -1) : samples
  return {
    samples: [...earlier, sample].slice(-MOST_SAMPLES),
    peak: pending === 0 ? 0 : Math.max(peak, pending),
  }
}

/** From 0 to 1: how much of what has waited is at the ministry; undefined where nothing waits. */
export function doneOf({ samples, peak }: PushHistory): number | undefined {
  const last = samples.at(-1)
  return peak === 0 || last === undefined ? undefined : (peak - last.pending) / peak
}

/** Points of a line through the speeds, for a picture so wide and so high; undefined where there is no line yet. */
export function speedLine({ samples }: PushHistory, width: number, height: number): string | undefined {
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last || last.atMs === first.atMs) return undefined
  const most = Math.max(1, ...samples.map(({ bytesPerSecond }) => bytesPerSecond))
  const x = (atMs: number) => ((atMs - first.atMs) / (last.atMs - first.atMs)) * width
  const y = (speed: number) => height - (speed / most) * height
  return samples.map(({ atMs, bytesPerSecond }) => `${x(atMs).toFixed(1)},${y(bytesPerSecond).toFixed(1)}`).join(' ')
}
