import type { NodeSummary } from '../../../schemas/generated/types'
import { isInTrouble, isSilent, type Trouble } from '../../today/tasks'

export type Standing = 'active' | 'silent' | 'suspended' | 'new'

/** `new`: it was accepted a moment ago and has not been heard of since. */
export function standingOf(node: NodeSummary, now: Date): Standing {
  if (node.state === 'suspended') return 'suspended'
  if (isSilent(node, now.getTime())) return 'silent'
  return node.lastSeenAt === undefined ? 'new' : 'active'
}

/** Where it is: what the ministry has set, else what the facility says. */
export function placeOf({ district, group }: NodeSummary): string | undefined {
  return district ?? group
}

export const COLUMNS = [
  'name',
  'standing',
  'lastSeen',
  'backlog',
  'oldest',
  'refused',
  'version',
  'today',
  'complete',
  'access',
] as const
export type Column = (typeof COLUMNS)[number]

/** Of these the most comes first when somebody asks for them in order. */
export const NUMBERS: readonly Column[] = ['backlog', 'refused', 'today']

export const STANDINGS: readonly Standing[] = ['silent', 'suspended', 'new', 'active']

/** What can be shown alone: those that stand so, or that have this trouble. */
export type Shown = Standing | Trouble
export const SHOWN: readonly Shown[] = [...STANDINGS, 'node-behind', 'documents-refused', 'disk-low', 'clock-wrong']

function isShown(node: NodeSummary, shown: Shown, now: Date): boolean {
  switch (shown) {
    case 'silent':
    case 'suspended':
    case 'new':
    case 'active':
      return standingOf(node, now) === shown
    default:
      return isInTrouble(node, shown, now.getTime())
  }
}

export interface TableQuery {
  readonly text: string
  readonly shown?: Shown | undefined
  readonly column: Column
  readonly isDescending: boolean
}

/** The facilities that a query means, in its order; equal ones by name. */
export function rowsOf(nodes: readonly NodeSummary[], query: TableQuery, now: Date): NodeSummary[] {
  const words = query.text.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  const sign = query.isDescending ? -1 : 1
  return nodes
    .filter((node) => {
      const said = `${node.name} ${node.externalId} ${node.group ?? ''} ${node.district ?? ''}`.toLocaleLowerCase()
      return words.every((word) => said.includes(word))
    })
    .filter((node) => query.shown === undefined || isShown(node, query.shown, now))
    .map((node) => ({ node, key: keyOf(node, query.column, now) }))
    .sort((a, b) => sign * compare(a.key, b.key) || compare(a.node.name, b.node.name))
    .map(({ node }) => node)
}

/** How many there are of each, for the filter to say so. */
export function countsOf(nodes: readonly NodeSummary[], now: Date): ReadonlyMap<Shown, number> {
  return new Map(SHOWN.map((shown) => [shown, nodes.filter((node) => isShown(node, shown, now)).length]))
}

function keyOf(node: NodeSummary, column: Column, now: Date): string | number {
  switch (column) {
    case 'name':
      return node.name
    case 'standing':
      return STANDINGS.indexOf(standingOf(node, now))
    case 'lastSeen':
      return node.lastSeenAt ?? ''
    case 'backlog':
      return node.report?.backlogDocuments ?? -1
    case 'oldest':
      // What has waited longest comes first; where nothing waits, last.
      return node.report?.oldestUnsentAt ?? '~'
    case 'today':
      return node.report?.bytesToday ?? -1
    case 'version':
      return node.report?.version ?? ''
    case 'complete':
      return node.lastReceipt?.at ?? ''
    case 'refused':
      return node.refusedDocuments ?? 0
    case 'access':
      return node.dataAccess.status
  }
}

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number'
    ? a - b
    : String(a).localeCompare(String(b), 'id', { numeric: true })
}
