import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { EdgeReport } from '../../protocol/node-report'
import type { EdgeStatus } from '../../schemas/generated/types'

const STATES = ['unregistered', 'comparing', 'pushing', 'idle', 'waiting', 'resting', 'contested'] as const
const REGISTRATIONS = ['unregistered', 'pending', 'accepted', 'rejected', 'suspended'] as const

/** How the edge fares, at one moment. */
export interface Measured {
  status: EdgeStatus
  report: EdgeReport
  isDiskFailed: boolean
}

/** For a Prometheus at the facility. Labels come from the sets written here; no id, name or address is ever one (law 10). */
export class EdgeMetrics {
  readonly #registry = new Registry()
  readonly #backlog = this.#gauge('backlog_documents', 'Documents that the hub has not answered for', ['lane'])
  readonly #backlogBytes = this.#gauge('backlog_bytes', 'Of these, as JSON')
  readonly #oldest = this.#gauge(
    'oldest_unsent_timestamp_seconds',
    'When the one that has waited longest was recorded; absent where none waits',
  )
  readonly #refused = this.#gauge('refused_documents', 'Documents that the hub refuses')
  readonly #acknowledged = this.#gauge('last_acknowledged_timestamp_seconds', 'When the hub last took something')
  readonly #sent = new Counter({
    name: 'lontar_edge_sent_bytes_total',
    help: 'Bodies of pushes on the wire, also before a restart',
    registers: [this.#registry],
  })
  readonly #today = this.#gauge(
    'today_bytes',
    'What passed on the wire today, both directions: what the data budget counts',
  )
  readonly #speed = this.#gauge('wire_bytes_per_second', 'What passes on the wire now')
  readonly #disk = this.#gauge('free_disk_bytes', 'Room for its data')
  readonly #diskFailed = this.#gauge('disk_failed', 'Whether the disk takes no writes')
  readonly #clock = this.#gauge('clock_offset_seconds', "By how much this clock is ahead of the hub's")
  readonly #state = this.#gauge('sync_state', 'Which state the replicator is in: 1 for that one', ['state'])
  readonly #registration = this.#gauge('registration', 'How the registration stands: 1 for that one', ['status'])
  readonly #build = this.#gauge('build_info', 'Of the program, always 1', ['version'])

  constructor(private readonly measure: () => Promise<Measured>) {
    collectDefaultMetrics({ register: this.#registry })
  }

  /** In the text format that Prometheus reads. */
  async page(): Promise<{ contentType: string; text: string }> {
    this.#take(await this.measure())
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() }
  }

  #take({ status: { sync, registration }, report, isDiskFailed }: Measured): void {
    this.#backlog.set({ lane: 'urgent' }, sync.lanes.urgent)
    this.#backlog.set({ lane: 'history' }, sync.lanes.history)
    this.#backlogBytes.set(sync.pendingBytes)
    setOrNone(this.#oldest, secondsOf(sync.oldestPendingAt))
    this.#refused.set(sync.refusedDocuments)
    setOrNone(this.#acknowledged, secondsOf(sync.lastAcknowledgedAt))
    this.#sent.reset()
    this.#sent.inc(sync.bytesSent)
    this.#today.set(sync.bytesToday)
    this.#speed.set(sync.bytesPerSecond)
    setOrNone(this.#disk, report.freeDiskBytes)
    this.#diskFailed.set(isDiskFailed ? 1 : 0)
    setOrNone(this.#clock, report.clockOffsetMs === undefined ? undefined : report.clockOffsetMs / 1_000)
    for (const state of STATES) this.#state.set({ state }, sync.state === state ? 1 : 0)
    for (const status of REGISTRATIONS) this.#registration.set({ status }, registration.status === status ? 1 : 0)
    this.#build.set({ version: report.version }, 1)
  }

  #gauge<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> {
    return new Gauge({ name: `lontar_edge_${name}`, help, labelNames: [...labelNames], registers: [this.#registry] })
  }
}

/** A gauge without labels shows 0 where it was never set, which would be a moment in 1970. */
function setOrNone(gauge: Gauge<string>, value: number | undefined): void {
  if (value === undefined) gauge.remove()
  else gauge.set(value)
}

function secondsOf(at: string | null): number | undefined {
  return at === null ? undefined : Date.parse(at) / 1_000
}
