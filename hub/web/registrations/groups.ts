import { clash } from '../../../protocol/external-id'
import type { NodeSummary, RegistrationSummary } from '../../../schemas/generated/types'

/** Registrations of which one at most can be accepted, and the accepted facilities that stand in their way. */
export interface Contest {
  readonly registrations: readonly RegistrationSummary[]
  /** More than one external ID at stake, or several machines for one. */
  readonly isContested: boolean
}

/**
 * Those that clash with one another (law 2: an external ID may not begin another) stand together; the one that has waited
 * longest leads. `10` clashes with `101` and with `102`, which do not clash with each other: all three are one group, because
 * accepting `10` shuts out both.
 */
export function contestsOf(waiting: readonly RegistrationSummary[]): Contest[] {
  const left = [...waiting].sort((a, b) => a.requestedAt.localeCompare(b.requestedAt))
  const contests: Contest[] = []
  for (let first = left.shift(); first; first = left.shift()) {
    const group = [first]
    for (let at = 0; at < group.length; at++) {
      const inGroup = group[at]
      if (!inGroup) break
      for (const other of left.filter(({ externalId }) => clash(externalId, inGroup.externalId))) {
        group.push(other)
        left.splice(left.indexOf(other), 1)
      }
    }
    contests.push({ registrations: group, isContested: group.length > 1 })
  }
  return contests
}

/** The accepted facility because of which this one can not be accepted. */
export function obstacleOf(externalId: string, nodes: readonly NodeSummary[]): NodeSummary | undefined {
  return nodes.find((node) => clash(node.externalId, externalId) && !isReopenedFor(node, externalId))
}

/** Of an accepted facility that may register anew the new machine is let in. */
function isReopenedFor(node: NodeSummary, externalId: string): boolean {
  return node.externalId === externalId && node.reopenedAt !== undefined
}
