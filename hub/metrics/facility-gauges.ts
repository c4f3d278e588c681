import { Gauge, type Registry } from 'prom-client'
import { pause } from '../../runtime/back-off'
import type { NodeSummary } from '../../schemas/generated/types'

/** Several Prometheus and their retries cost the database one look. */
const FRESH_MS = 10_000
/** Prometheus gives a page up after 10 s, and would lose what the gateway knows by itself just when the database hangs. */
const PATIENCE_MS = 3_000

/** Of one facility, in the units that Prometheus asks for; undefined where nobody knows. */
const OF_FACILITY: Readonly<Record<string, [help: string, of: (node: NodeSummary) => number | undefined]>> = {
  lontar_facility_suspended: ['Whether the facility is kept out', ({ state }) => (state === 'suspended' ? 1 : 0)],
  lontar_facility_last_seen_timestamp_seconds: [
    'When its credentials were last used, to a few minutes',
    ({ lastSeenAt }) => secondsOf(lastSeenAt),
  ],
  lontar_facility_reported_timestamp_seconds: [
    'When its edge last said how it fares; what follows is of then',
    ({ report }) => secondsOf(report?.at),
  ],
  lontar_facility_backlog_documents: [
    'Documents that the hub has not answered for',
    ({ report }) => report?.backlogDocuments,
  ],
  lontar_facility_backlog_bytes: ['Of these, as JSON', ({ report }) => report?.backlogBytes],
  lontar_facility_oldest_unsent_timestamp_seconds: [
    'When the one that has waited longest was recorded; absent where none waits',
    ({ report }) => secondsOf(report?.oldestUnsentAt),
  ],
  lontar_facility_last_acknowledged_timestamp_seconds: [
    'When the hub last took something of it',
    ({ report }) => secondsOf(report?.lastAcknowledgedAt),
  ],
  lontar_facility_refused_documents: [
    'Documents of it that the gate refuses now',
    ({ refusedDocuments }) => refusedDocuments,
  ],
  lontar_facility_free_disk_bytes: ['Room for its data', ({ report }) => report?.freeDiskBytes],
  lontar_facility_clock_offset_seconds: [
    "By how much its clock is ahead of the hub's",
    ({ report }) => (report?.clockOffsetMs !== undefined ? report.clockOffsetMs / 1_000 : undefined),
  ],
}

/**
 * How the facilities fare, each by its external ID: as many series as there are facilities, and no other label. All gateways say
 * the same, from what they keep together; each looks some seconds apart.
 */
export class FacilityGauges {
  readonly #gauges: readonly [Gauge<'facility'>, (node: NodeSummary) => number | undefined][]
  readonly #facilities: Gauge<'state'>
  #readAtMs = Number.NEGATIVE_INFINITY
  #reading: Promise<void> | undefined

  constructor(
    registry: Registry,
    private readonly list: () => Promise<readonly NodeSummary[]>,
    private readonly nowMs: () => number = () => performance.now(),
    private readonly patienceMs = PATIENCE_MS,
  ) {
    const registers = [registry]
    this.#gauges = Object.entries(OF_FACILITY).map(([name, [help, of]]) => [
      new Gauge({ name, help, labelNames: ['facility'], registers }),
      of,
    ])
    const help = 'Facilities that were accepted'
    this.#facilities = new Gauge({ name: 'lontar_facilities', help, labelNames: ['state'], registers })
  }

  /** Looks, unless somebody has a moment ago. Where it can't, the gauges are absent: an old value would be a lie. */
  async refresh(): Promise<void> {
    if (this.nowMs() - this.#readAtMs < FRESH_MS) return
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined
    })
    const answered = new AbortController()
    const isLate = pause(this.patienceMs, answered.signal).then(() => !answered.signal.aborted)
    const late = await Promise.race([this.#reading.then(() => false), isLate])
    answered.abort()
    if (late) this.#forget()
  }

  async #read(): Promise<void> {
    const nodes = await this.list().catch(() => undefined)
    this.#forget()
    if (nodes === undefined) return
    for (const state of ['active', 'suspended'] as const) {
      this.#facilities.set({ state }, nodes.filter((node) => node.state === state).length)
    }
    for (const [gauge, of] of this.#gauges) {
      for (const node of nodes) {
        const value = of(node)
        if (value !== undefined) gauge.set({ facility: node.externalId }, value)
      }
    }
    this.#readAtMs = this.nowMs()
  }

  #forget(): void {
    for (const [gauge] of this.#gauges) gauge.reset()
    this.#facilities.reset()
  }
}

function secondsOf(at: string | undefined): number | undefined {
  return at === undefined ? undefined : Date.parse(at) / 1_000
}
