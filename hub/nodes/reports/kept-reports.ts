import { decodeReport } from '../../../protocol/node-report'
import type { NodeReport, ReportDocument, SeriesDocument } from '../../../schemas/generated/types'
import { isReportDocument, isSeriesDocument } from '../../../schemas/generated/validators'
import type { CouchDatabase } from '../../couch/couch-database'
import { changeDocument, type Database, endOf, stored } from '../database'
import { dayOf, daysBetween, hourOf, pointOf, type SeriesPoint, withPoint } from './series-point'

export const DAYS_KEPT = 90
/** An edge asks every few minutes; one that asks all the time is not written down all the time. */
const EVERY_MS = 10_000
const MOST = 10_000

/** What comes of a report. */
export type ReportOutcome = 'kept' | 'malformed' | 'failed'

/**
 * What the edges say of themselves: of each node the newest, `report:<nodeName>`, and the first of each hour,
 * `series:<day>:<nodeName>`, a document a day. Documents of their own, so that many gateways that write them at a time can
 * never touch a registration.
 */
export class KeptReports {
  readonly #notedAtMs = new Map<string, number>()

  constructor(
    private readonly nodes: Database,
    private readonly couch: Pick<CouchDatabase, 'allDocs'>,
    private readonly onOutcome: (outcome: ReportOutcome, error?: unknown) => void,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** Returns at once: an answer to an edge waits for no note, and a malformed one costs it nothing. */
  note(nodeName: string, header: string): void {
    const nowMs = this.now().getTime()
    if (nowMs - (this.#notedAtMs.get(nodeName) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return
    if (this.#notedAtMs.size >= MOST) this.#notedAtMs.clear()
    this.#notedAtMs.set(nodeName, nowMs)
    const report = decodeReport(header)
    if (report === undefined) {
      this.onOutcome('malformed')
      return
    }
    this.keep(nodeName, { at: new Date(nowMs).toISOString(), ...report }).then(
      () => this.onOutcome('kept'),
      (error: unknown) => {
        this.#notedAtMs.delete(nodeName)
        this.onOutcome('failed', error)
      },
    )
  }

  /** The hour first: what ends in between is made good by the next report, since the newest still says the hour before. */
  async keep(nodeName: string, report: NodeReport): Promise<void> {
    const before = await this.of(nodeName)
    if (before === undefined || hourOf(before.at) !== hourOf(report.at)) await this.#keepHour(nodeName, report)
    const id = `report:${nodeName}`
    await changeDocument<ReportDocument, ReportDocument>(this.nodes, id, asReport, (current) =>
      // Another gateway may have heard a later one.
      current && current.report.at >= report.at ? current : { _id: id, kind: 'report', nodeName, report },
    )
  }

  async of(nodeName: string): Promise<NodeReport | undefined> {
    const found = await this.nodes.get(`report:${nodeName}`)
    return found === undefined ? undefined : asReport(found).report
  }

  /** The newest of each node, in one question. */
  async all(): Promise<Map<string, NodeReport>> {
    const found = (await this.nodes.range('report:', endOf('report:'))).map(asReport)
    return new Map(found.map(({ nodeName, report }) => [nodeName, report]))
  }

  /** In one question too; both moments included. */
  async series(nodeName: string, from: string, to: string): Promise<SeriesPoint[]> {
    const keys = daysBetween(from, to).map((day) => seriesId(day, nodeName))
    const rows = await this.couch.allDocs({ keys, includeDocs: true })
    const points = rows.flatMap(({ doc }) => (doc ? asSeries(doc).points : []))
    return points.filter(({ hour }) => hour >= hourOf(from) && hour <= to)
  }

  async #keepHour(nodeName: string, report: NodeReport): Promise<void> {
    const day = dayOf(report.at)
    const _id = seriesId(day, nodeName)
    await changeDocument<SeriesDocument, SeriesDocument>(this.nodes, _id, asSeries, (current) => {
      const points = withPoint(current?.points ?? [], pointOf(report))
      return current && points === current.points ? current : { _id, kind: 'series', nodeName, day, points }
    })
  }
}

function seriesId(day: string, nodeName: string): string {
  return `series:${day}:${nodeName}`
}

function asReport(document: unknown): ReportDocument {
  return stored(isReportDocument, document, 'report')
}

function asSeries(document: unknown): SeriesDocument {
  return stored(isSeriesDocument, document, 'series')
}
