import type { Log } from '../../runtime/log'
import type { Stoppable } from '../../runtime/service'
import type { AuditHead } from '../../schemas/generated/types'
import type { Handlers } from '../access/handlers'
import type { AuditDatabase } from '../audit/audit-database'
import type { WriteDecision } from '../audit/decide'
import { auditHeads } from '../audit/heads'
import { auditEntries } from '../audit/list-audit'
import { chainsInOrder } from '../audit/list-chains'
import type { Database } from '../nodes/database'
import type { Sealer } from '../nodes/seal'
import { AlertLoop } from './alert-loop'
import { readWebhookSecret } from './alert-settings'
import { Certificates } from './certificates'
import { readFacts } from './facts'
import type { MailServer } from './letter'
import type { ChannelName } from './next-alerts'
import { type AlertRouteName, alertRoutes } from './routes'
import type { WatchedNode } from './rules'

export interface AlertsParts {
  readonly nodes: Database
  readonly nodeSecurity: Database
  readonly audit: AuditDatabase
  /** The end of this gateway's own chain. */
  readonly head: () => AuditHead | undefined
  readonly writeAudit: WriteDecision
  readonly sealer: Sealer
  readonly hubId: string
  /** By what this gateway is known to the others, and its certificate in PEM. */
  readonly gateway: { readonly name: string; readonly certificate: () => string | undefined }
  readonly mailServer: MailServer | undefined
  readonly everyMs: number
  readonly listNodes: () => Promise<readonly WatchedNode[]>
  readonly oldestOpenGlassAt: () => Promise<string | undefined>
  readonly count: (channel: ChannelName, outcome: 'sent' | 'failed') => void
  readonly log: Pick<Log, 'warn'>
}

/** The routes of alerts, and what begins to evaluate them once it is called. */
export function openAlerts(parts: AlertsParts): { handlers: Handlers<AlertRouteName>; start: () => Stoppable } {
  const { nodes, nodeSecurity, audit, sealer, hubId, mailServer, log } = parts
  const now = () => new Date()
  const channels = { webhookSecret: () => readWebhookSecret(nodeSecurity, sealer), mailServer, now }
  const certificates = new Certificates(nodes, parts.gateway, now)
  const auditSource = {
    heads: () => auditHeads(audit, parts.head(), now()),
    chainEntries: () => auditEntries(audit, { kind: 'chain' }),
    byChain: () => chainsInOrder(audit, {}),
  }
  return {
    handlers: alertRoutes({ nodes, nodeSecurity, sealer, audit: parts.writeAudit, now, channels, hubId }),
    start: () =>
      new AlertLoop({
        nodes,
        certificates,
        auditSource,
        channels,
        hubId,
        now,
        everyMs: parts.everyMs,
        facts: () => readFacts({ ...parts, certificates, now }),
        tried(channel, outcome, error) {
          parts.count(channel, outcome)
          if (error !== undefined) log.warn({ err: error, channel }, 'alerts did not arrive; it is tried again')
        },
        log,
      }),
  }
}
