import type { NodeSummary } from '../../../schemas/generated/types'

/** A day without a word is longer than the links that we know are down. */
const SILENT_MS = 24 * 3_600_000

export type Standing = 'active' | 'silent' | 'suspended' | 'new'

/** `new`: it was accepted and has not been heard of since. */
export function standingOf({ state, lastSeenAt }: NodeSummary, now: Date): Standing {
  if (state === 'suspended') return 'suspended'
  if (lastSeenAt === undefined) return 'new'
  return now.getTime() - Date.parse(lastSeenAt) > SILENT_MS ? 'silent' : 'active'
}

export const COLUMNS = [
  'name',
  'standing',
  'lastSeen',
  'backlog',
  'oldest',
  'refused',
  'today',
  'complete',
  'access',
  'version',
] as const
export type Column = (typeof COLUMNS)[number]

export const STANDINGS: readonly Standing[] = ['silent', 'suspended', 'new', 'active']

export interface TableQuery {
  readonly text: string
  readonly standing?: Standing | undefined
  readonly column: Column
  readonly isDescending: boolean
}

/** The facilities that a query means, in its order; equal ones by name. */
export function rowsOf(nodes: readonly NodeSummary[], query: TableQuery, now: Date): NodeSummary[] {
  const words = query.text.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  const sign = query.isDescending ? -1 : 1
  return nodes
    .filter((node) => {
      const said = `${node.name} ${node.externalId} ${node.group ?? ''}`.toLocaleLowerCase()
      return words.every((word) => said.includes(word))
    })
    .filter((node) => query.standing === undefined || standingOf(node, now) === query.standing)
    .map((node) => ({ node, key: keyOf(node, query.column, now) }))
    .sort((a, b) => sign * compare(a.key, b.key) || compare(a.node.name, b.node.name))
    .map(({ node }) => node)
}

/** How many there are of each, for the filter to say so. */
export function countsOf(nodes: readonly NodeSummary[], now: Date): Readonly<Record<Standing, number>> {
  const counts = { active: 0, silent: 0, suspended: 0, new: 0 }
  for (const node of nodes) counts[standingOf(node, now)]++
  return counts
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
