import type { NodeSummary, Today } from '../../schemas/generated/types'

export type Task = Today['tasks'][number]
type TaskNode = NonNullable<Task['nodes']>[number]

const HOUR_MS = 3_600_000

/** From when on a person should look. */
export const LIMITS = {
  /** A bad link is gone for hours; for a day something else is the matter. */
  silentMs: 24 * HOUR_MS,
  behindMs: 24 * HOUR_MS,
  /** What a country's facility writes in months. */
  freeDiskBytes: 2_000_000_000,
  /** Signatures are good for 300 s around the hub's clock. */
  clockMs: 120_000,
  certificateMs: 21 * 24 * HOUR_MS,
} as const

const MOST_NODES_SHOWN = 20

/** Nothing was heard of it for long, by the later of what it has said and what it has asked; since it was accepted, if never. */
export function isSilent(node: NodeSummary, nowMs: number): boolean {
  return nowMs - Date.parse(heardAt(node)) > LIMITS.silentMs
}

export type Trouble = 'node-behind' | 'documents-refused' | 'disk-low' | 'clock-wrong'

/** What may be the matter with a facility that is active and talks. */
const TROUBLES: Readonly<Record<Trouble, (node: NodeSummary, nowMs: number) => boolean>> = {
  'node-behind': ({ report }, nowMs) =>
    report?.oldestUnsentAt !== undefined && nowMs - Date.parse(report.oldestUnsentAt) > LIMITS.behindMs,
  'documents-refused': ({ refusedDocuments = 0 }) => refusedDocuments > 0,
  'disk-low': ({ report }) => (report?.freeDiskBytes ?? Number.POSITIVE_INFINITY) < LIMITS.freeDiskBytes,
  'clock-wrong': ({ report }) => Math.abs(report?.clockOffsetMs ?? 0) > LIMITS.clockMs,
}

/** Whether it has this trouble now: what a silent one said last is old. */
export function isInTrouble(node: NodeSummary, trouble: Trouble, nowMs: number): boolean {
  const isTold = trouble === 'documents-refused' || !isSilent(node, nowMs)
  return node.state === 'active' && isTold && TROUBLES[trouble](node, nowMs)
}

/** What the hub knows, at one moment. */
export interface Known {
  nodes: readonly NodeSummary[]
  /** When those that wait for a decision asked. */
  registrationsAt: readonly string[]
  /** Imports that broke the glass and that nobody has reviewed. */
  btg: { count: number; isMore: boolean; since?: string }
  /** When this gateway's own certificate ends. */
  certificateEndsAt?: string | undefined
}

/** What needs a person, most urgent first. Pure. */
export function tasksOf({ nodes, registrationsAt, btg, certificateEndsAt }: Known, now: Date): Task[] {
  const nowMs = now.getTime()
  const silent = nodes.filter((node) => node.state === 'active' && isSilent(node, nowMs))
  const inTrouble = (trouble: Trouble) => nodes.filter((node) => isInTrouble(node, trouble, nowMs))
  const ends = certificateEndsAt !== undefined && Date.parse(certificateEndsAt) - nowMs < LIMITS.certificateMs
  const asked = nodes.flatMap(({ dataAccess: { status, requestedAt } }) => (status === 'pending' ? [requestedAt] : []))
  return [
    ends && { kind: 'certificate-expiring' as const, count: 1, since: certificateEndsAt },
    aboutNodes('node-silent', silent, (node) => ({ since: heardAt(node) }), 'oldest'),
    aboutNodes('disk-low', inTrouble('disk-low'), ({ report }) => numberAt(report?.freeDiskBytes), 'least'),
    aboutNodes(
      'documents-refused',
      inTrouble('documents-refused'),
      ({ refusedDocuments }) => numberAt(refusedDocuments),
      'most',
      (of) => of.reduce((sum, { refusedDocuments = 0 }) => sum + refusedDocuments, 0),
    ),
    aboutNodes(
      'node-behind',
      inTrouble('node-behind'),
      ({ report }) => ({ ...numberAt(report?.backlogDocuments), ...sinceOf(report?.oldestUnsentAt) }),
      'oldest',
    ),
    waiting('registrations-waiting', registrationsAt),
    waiting('data-access-waiting', asked),
    btg.count > 0 && {
      kind: 'btg-to-review' as const,
      count: btg.count,
      ...(btg.isMore && { isMore: true }),
      ...sinceOf(btg.since),
    },
    aboutNodes('clock-wrong', inTrouble('clock-wrong'), ({ report }) => numberAt(report?.clockOffsetMs), 'furthest'),
  ].filter((task) => task !== false && task !== undefined)
}

/** When it was last here, by the later of what it has said and what it has asked; when it was accepted, if never. */
function heardAt({ lastSeenAt, report, acceptedAt }: NodeSummary): string {
  return [lastSeenAt, report?.at, acceptedAt].reduce<string>((last, at) => (at && at > last ? at : last), '')
}

const WORST = {
  oldest: (a: TaskNode, b: TaskNode) => ((a.since ?? '') < (b.since ?? '') ? -1 : 1),
  least: (a: TaskNode, b: TaskNode) => (a.value ?? 0) - (b.value ?? 0),
  most: (a: TaskNode, b: TaskNode) => (b.value ?? 0) - (a.value ?? 0),
  furthest: (a: TaskNode, b: TaskNode) => Math.abs(b.value ?? 0) - Math.abs(a.value ?? 0),
} as const

function aboutNodes(
  kind: Task['kind'],
  of: readonly NodeSummary[],
  more: (node: NodeSummary) => Partial<TaskNode>,
  worst: keyof typeof WORST,
  count: (of: readonly NodeSummary[]) => number = ({ length }) => length,
): Task | undefined {
  if (of.length === 0) return undefined
  const nodes = of.map((node): TaskNode => ({ nodeName: node.nodeName, name: node.name, ...more(node) }))
  const [only] = nodes.length === 1 ? nodes : []
  const since = nodes.flatMap((node) => node.since ?? []).sort()[0]
  return {
    kind,
    count: count(of),
    ...sinceOf(since),
    ...(only && { nodeName: only.nodeName }),
    nodes: nodes.sort(WORST[worst]).slice(0, MOST_NODES_SHOWN),
  }
}

function waiting(kind: Task['kind'], moments: readonly (string | undefined)[]): Task | undefined {
  if (moments.length === 0) return undefined
  return { kind, count: moments.length, ...sinceOf(moments.flatMap((at) => at ?? []).sort()[0]) }
}

function sinceOf(since: string | undefined): { since?: string } {
  return since === undefined ? {} : { since }
}

function numberAt(value: number | undefined): { value?: number } {
  return value === undefined ? {} : { value }
}
