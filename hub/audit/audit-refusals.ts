import type { Request } from 'express'
import { codedErrorOf } from '../../protocol/coded-error-of'
import { isNodeName, nodeNameOf } from '../../protocol/node-name'
import type { Log } from '../../runtime/log'
import type { AuditEntry } from '../../schemas/generated/types'
import type { OnRefused } from '../access/access-router'
import type { Caller } from '../access/caller'
import { ROUTES, type RouteName } from '../access/table'
import type { NewAuditEntry, WriteAudit } from './audit-log'
import { isAudited } from './audited'
import { DEEDS, type DeedRoute } from './deeds'

/** A machine that is refused comes again and again: it has one entry for so long and for each reason. */
const ONCE_MS = 60 * 60_000
/** So many that are refused are remembered. */
const MOST_KNOWN = 2_000

/**
 * Writes down each request that was refused: decisions of operators, what their role may not, machines that are not let in. The
 * import and signing in write their own. It never throws: the caller is told of the refusal in any case, and the log of the gap.
 */
export function refusalAuditor({
  write,
  claimedName,
  limit,
  log,
  now = () => new Date(),
}: {
  write: WriteAudit
  /** Who a request says it is from, where nobody has shown that it is. */
  claimedName: (request: Request) => string | undefined
  /** Whoever has no key could fill the disk with refusals. */
  limit: { admits(now: Date): boolean; takeLeftOut(): number }
  log: Pick<Log, 'warn'>
  now?: () => Date
}): OnRefused {
  const known = new Map<string, number>()
  const isNew = (key: string): boolean => {
    const nowMs = now().getTime()
    if (nowMs - (known.get(key) ?? Number.NEGATIVE_INFINITY) < ONCE_MS) return false
    if (known.size >= MOST_KNOWN) known.clear()
    known.set(key, nowMs)
    return true
  }
  return async (name, caller, error, request) => {
    const coded = codedErrorOf(error)
    // A fault of ours, or of the database, decides nothing.
    if (coded === undefined || coded.status >= 500 || isAudited(error)) return
    const about = entryOf(name, caller, request, claimedName)
    // Who may do what; a deed's and a registration's refusal counts whatever the reason, a malformed question does not.
    const counts = coded.status === 401 || coded.status === 403 || isDeed(name) || name === 'POST /registrations'
    if (about === undefined || !counts) return
    if (caller?.kind !== 'operator') {
      if (caller?.kind !== 'nobody' && !isNew(`${name} ${about.node ?? ''} ${coded.code}`)) return
      if (!limit.admits(now())) return
      const leftOut = limit.takeLeftOut()
      if (leftOut > 0) log.warn({ leftOut }, 'refused requests came too fast; some are not in the audit')
    }
    await write({ ...about, outcome: 'refused', code: coded.code }).catch(() => undefined)
  }
}

/** Undefined where a refusal is no event, or somebody else writes it down. */
function entryOf(
  name: RouteName,
  caller: Caller | undefined,
  request: Request,
  claimedName: (request: Request) => string | undefined,
): Omit<NewAuditEntry, 'outcome' | 'code'> | undefined {
  switch (ROUTES[name].proof) {
    case 'operator':
      return caller?.kind === 'operator' ? ofOperator(name, caller.name, request) : undefined
    case 'node password': {
      const node = caller?.kind === 'node' ? caller.node.nodeName : claimedName(request)
      const kind = name.includes('/sync') ? 'push' : 'node'
      return { kind, action: name, ...(node !== undefined && isNodeName(node) && { node }) }
    }
    case 'claim':
      return { kind: 'registration', action: name }
    case 'metrics token':
      return { kind: 'sign-in', action: name }
    case 'nothing':
      return name === 'POST /registrations'
        ? { kind: 'registration', action: 'request', ...nodeAsked(request) }
        : undefined
    case 'signature':
      return undefined
  }
}

/** A deed under its own name; else what somebody's role may not look at. */
function ofOperator(name: RouteName, operator: string, request: Request): Omit<NewAuditEntry, 'outcome' | 'code'> {
  const { nodeName, name: account } = request.params as Record<string, string | undefined>
  return {
    ...(isDeed(name) ? DEEDS[name] : { kind: 'operator', action: name }),
    operator,
    ...(nodeName !== undefined && isNodeName(nodeName) && { node: nodeName }),
    ...(account !== undefined && isAccountName(account) && { account }),
  }
}

function isDeed(name: RouteName): name is DeedRoute {
  return Object.hasOwn(DEEDS, name)
}

function isAccountName(text: string): boolean {
  return /^[A-Za-z0-9._@-]{1,100}$/.test(text)
}

function nodeAsked({ body }: { body?: unknown }): Pick<AuditEntry, 'node'> {
  const externalId = (body as { externalId?: unknown } | undefined)?.externalId
  const node = typeof externalId === 'string' ? nodeNameOf(externalId) : ''
  return isNodeName(node) ? { node } : {}
}
