import type { Alert, AlertSettings } from '../../schemas/generated/types'

export type AlertKind = Alert['kind']

/** In place of settings that nobody has made. */
export const DEFAULT_SETTINGS: AlertSettings = Object.freeze({
  rules: {
    'node-silent': 24,
    'node-behind': 48,
    'documents-refused': 20,
    'disk-low': 2,
    'clock-wrong': 300,
    'certificate-expiring': 21,
    'sign-in-locked': 5,
    'btg-to-review': 7,
    'audit-broken': 0,
  },
  auditCheckHours: 24,
  repeatHours: 24,
})

/** What of a facility alerts are about. */
export interface WatchedNode {
  readonly nodeName: string
  readonly state: 'active' | 'suspended'
  readonly acceptedAt: string
  readonly lastSeenAt?: string
  /** As the gate counts them. */
  readonly refusedDocuments?: number
  /** What its edge said last; an older edge says nothing. */
  readonly report?: {
    readonly oldestUnsentAt?: string
    readonly freeDiskBytes?: number
    readonly clockOffsetMs?: number
  }
}

/** All that the rules are held against, read at one moment. */
export interface Facts {
  readonly nodes: readonly WatchedNode[]
  readonly certificates: readonly { readonly gateway: string; readonly until: string }[]
  /** Lock-outs of operators within the last hour. */
  readonly lockOuts: number
  /** When the glass was broken that waits longest for its review. */
  readonly oldestOpenGlassAt?: string | undefined
  /** What the last look along the audit found; undefined before the first. */
  readonly auditBreaks?: number | undefined
}

export type Condition = Pick<Alert, 'kind' | 'nodeName' | 'gateway' | 'value' | 'threshold'>

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const GIGABYTE = 1e9

/** What is beyond its threshold now. Pure. A suspended facility is silent because it was told to be. */
export function conditionsOf(facts: Facts, rules: AlertSettings['rules'], now: Date): Condition[] {
  const since = (at: string) => now.getTime() - Date.parse(at)
  const conditions: Condition[] = []
  const hold = (kind: AlertKind, value: number | undefined, about: Pick<Condition, 'nodeName' | 'gateway'> = {}) => {
    const threshold = rules[kind]
    if (threshold === null || value === undefined) return
    const isBeyond = kind === 'disk-low' || kind === 'certificate-expiring' ? value < threshold : value > threshold
    if (isBeyond) conditions.push({ kind, ...about, value: rounded(value), threshold })
  }
  for (const { nodeName, state, acceptedAt, lastSeenAt, refusedDocuments, report } of facts.nodes) {
    if (state !== 'active') continue
    const about = { nodeName }
    const { oldestUnsentAt, freeDiskBytes, clockOffsetMs } = report ?? {}
    // One that was let in anew has a new beginning.
    const heardAt = lastSeenAt !== undefined && lastSeenAt > acceptedAt ? lastSeenAt : acceptedAt
    hold('node-silent', since(heardAt) / HOUR_MS, about)
    hold('node-behind', oldestUnsentAt === undefined ? undefined : since(oldestUnsentAt) / HOUR_MS, about)
    hold('documents-refused', refusedDocuments, about)
    hold('disk-low', freeDiskBytes === undefined ? undefined : freeDiskBytes / GIGABYTE, about)
    hold('clock-wrong', clockOffsetMs === undefined ? undefined : Math.abs(clockOffsetMs) / 1_000, about)
  }
  for (const { gateway, until } of facts.certificates) {
    hold('certificate-expiring', -since(until) / DAY_MS, { gateway })
  }
  hold('sign-in-locked', facts.lockOuts)
  hold('btg-to-review', facts.oldestOpenGlassAt === undefined ? undefined : since(facts.oldestOpenGlassAt) / DAY_MS)
  hold('audit-broken', facts.auditBreaks)
  return conditions
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
