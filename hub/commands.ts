import { type Command, Option } from 'commander'
import type {
  AuditList,
  NodeList,
  NodeSummary,
  RegistrationList,
  RegistrationSummary,
} from '../schemas/generated/types'
import { askHub } from './ask-hub'
import { runHub } from './main'
import { printable, shortTime, spaced, table } from './table'

/** `lontar hub …`: starts a hub, or asks the one that runs at HUB_URL as its operator. */
export function addHubCommands(program: Command): void {
  const hub = program
    .command('hub')
    .description('start the hub of a ministry; its settings are environment variables, see docs/operations.md')
    .action(runHub)

  hub
    .command('registrations')
    .description('facilities that have asked to take part; compare the pairing code by phone before you accept one')
    .addOption(new Option('--status <status>', 'only these').choices(['pending', 'accepted', 'rejected']))
    .option('--json', 'for programs')
    .action(async ({ status, json }: { status?: string; json?: boolean }) => {
      const list = await askHub<RegistrationList>(`/operator/registrations${queryOf({ status })}`)
      print(json, list, registrationTable)
    })
  decision(hub, 'accept', '<id>', 'accept a registration', async (id) => {
    const accepted = await askHub<RegistrationSummary>(`/operator/registrations/${encodeURIComponent(id)}/accept`, {})
    return `Accepted ${accepted.externalId}, ${printable(accepted.name)}, pairing code ${spaced(accepted.pairingCode)}.`
  })
  reasoned(hub, 'reject', '<id>', 'reject a registration', async (id, reason) => {
    const path = `/operator/registrations/${encodeURIComponent(id)}/reject`
    const { externalId, name } = await askHub<RegistrationSummary>(path, { reason })
    return `Rejected ${externalId}, ${printable(name)}. It is shown the reason, and can ask again.`
  })

  hub
    .command('nodes')
    .description('facilities that were accepted')
    .option('--json', 'for programs')
    .action(async ({ json }: { json?: boolean }) => print(json, await askHub<NodeList>('/operator/nodes'), nodeTable))
  reasoned(hub, 'suspend', '<node>', 'keep a facility out until it is resumed', (node, reason) =>
    changed(node, 'suspend', { reason }, 'is suspended'),
  )
  decision(hub, 'resume', '<node>', 'let a suspended facility in again', (node) =>
    changed(node, 'resume', {}, 'is active'),
  )
  decision(hub, 'rotate', '<node>', 'give a facility new credentials; the old ones stop', (node) =>
    changed(node, 'rotate', {}, 'gets new credentials by itself'),
  )
  decision(
    hub,
    'reopen',
    '<node>',
    'let a facility register anew: a new machine, or after a rejection',
    async (node) => {
      await askHub(pathOf(node, 'reopen'), {})
      return `${nodeNameIn(node)} can be registered anew.`
    },
  )
  hub
    .command('allow-import')
    .description("accept a facility's request to import records of others")
    .argument('<node>')
    .option('--paper-scheme', "also by the paper's own signature, which can be replayed for ever")
    .action(async (node: string, { paperScheme }: { paperScheme?: boolean }) => {
      const body = paperScheme ? { paperScheme } : {}
      process.stdout.write(`${await changed(node, 'data-access/accept', body, 'may import')}\n`)
    })
  reasoned(hub, 'deny-import', '<node>', 'reject or take away the permission to import', (node, reason) =>
    changed(node, 'data-access/reject', { reason }, 'may not import'),
  )

  hub
    .command('budget')
    .description(
      'limit how much of its link a facility uses for records; without an option, everything is allowed again',
    )
    .argument('<node>')
    .option('--kbit-s <number>', 'kilobits a second')
    .option('--mb-day <number>', 'megabytes a day')
    .option('--hours <from-to>', "full hours of the facility's clock, such as 22-06")
    .option('--urgent', 'limit what a waiting patient needs too')
    .action(async (node: string, options: { kbitS?: string; mbDay?: string; hours?: string; urgent?: boolean }) => {
      const budget = {
        ...(options.kbitS !== undefined && { kilobitsPerSecond: Number(options.kbitS) }),
        ...(options.mbDay !== undefined && { megabytesPerDay: Number(options.mbDay) }),
        ...(options.hours !== undefined && { hours: options.hours }),
        ...(options.urgent && { urgent: 'limited' }),
      }
      const { nodeName, name } = await askHub<NodeSummary>(pathOf(node, 'budget'), budget, 'PUT')
      const what = Object.keys(budget).length === 0 ? 'has no budget' : 'keeps to its budget within minutes'
      process.stdout.write(`${nodeName}, ${printable(name)}, ${what}.\n`)
    })

  hub
    .command('audit')
    .description('who asked for what, and what operators decided, in time order')
    .option('--mrn <mrn>', 'of one patient')
    .option('--node <node>', 'of one facility')
    .option('--from <moment>', 'from this day or moment on, such as 2026-11-22')
    .option('--to <moment>', 'before this day or moment')
    .option('--limit <count>', 'so many at most')
    .option('--cursor <cursor>', 'where an earlier answer ended')
    .option('--json', 'for programs')
    .action(async ({ json, node, ...filters }: Record<string, string> & { json?: never }) => {
      const query = queryOf({ ...filters, ...(node !== undefined && { node: nodeNameIn(node) }) })
      print(Boolean(json), await askHub<AuditList>(`/operator/audit${query}`), auditTable)
    })
}

function decision(
  hub: Command,
  name: string,
  argument: string,
  description: string,
  act: (subject: string) => Promise<string>,
): void {
  hub
    .command(name)
    .description(description)
    .argument(argument)
    .action(async (subject: string) => void process.stdout.write(`${await act(subject)}\n`))
}

function reasoned(
  hub: Command,
  name: string,
  argument: string,
  description: string,
  act: (subject: string, reason: string) => Promise<string>,
): void {
  hub
    .command(name)
    .description(description)
    .argument(argument)
    .option('--reason <text>', 'what the facility is told', 'The operator gave no reason.')
    .action(async (subject: string, { reason }: { reason: string }) => {
      process.stdout.write(`${await act(subject, reason)}\n`)
    })
}

async function changed(node: string, what: string, body: object, outcome: string): Promise<string> {
  const { nodeName, name } = await askHub<NodeSummary>(pathOf(node, what), body)
  return `${nodeName}, ${printable(name)}, ${outcome}.`
}

function pathOf(node: string, what: string): string {
  return `/operator/nodes/${encodeURIComponent(nodeNameIn(node))}/${what}`
}

/** An external ID is as good as a node's name. */
function nodeNameIn(text: string): string {
  return text.startsWith('node-') ? text : `node-${text}`
}

function queryOf(values: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

function print<T>(json: boolean | undefined, value: T, text: (value: T) => string): void {
  process.stdout.write(`${json ? JSON.stringify(value, null, 2) : text(value)}\n`)
}

function registrationTable({ registrations }: RegistrationList): string {
  if (registrations.length === 0) return 'No registrations.'
  return table(
    ['ID', 'FACILITY', 'NAME', 'GROUP', 'PAIRING CODE', 'STATUS', 'ASKED (UTC)'],
    registrations.map(({ id, externalId, name, group, pairingCode, status, requestedAt }) => [
      ...[id, externalId, name, group, spaced(pairingCode), status, shortTime(requestedAt)],
    ]),
  )
}

function nodeTable({ nodes }: NodeList): string {
  if (nodes.length === 0) return 'No facilities were accepted yet.'
  return table(
    ['NODE', 'NAME', 'STATE', 'IMPORTS', 'REFUSED', 'LAST SEEN (UTC)', 'VERIFIED (UTC)', 'ACCEPTED (UTC)'],
    nodes.map((node) => [
      node.nodeName,
      node.name,
      node.reopenedAt === undefined ? node.state : `${node.state}, reopened`,
      node.dataAccess.status,
      String(node.refusedDocuments ?? 0),
      node.lastSeenAt === undefined ? 'never' : shortTime(node.lastSeenAt),
      node.lastReceipt === undefined ? 'never' : shortTime(node.lastReceipt.at),
      shortTime(node.acceptedAt),
    ]),
  )
}

function auditTable({ entries, next }: AuditList): string {
  if (entries.length === 0 && next === undefined) return 'No entries.'
  const rows = entries.map(({ at, outcome, kind, action, node, operator, mrn, purpose, reason, code }) => {
    const who = operator ?? node
    const about = operator === undefined ? mrn : node
    const why = [code, purpose, reason].filter((part) => part !== undefined).join(', ')
    return [at.slice(0, 19).replace('T', ' '), outcome, `${kind}: ${action}`, who, about, why]
  })
  const text = table(['WHEN (UTC)', 'OUTCOME', 'WHAT', 'BY', 'ABOUT', 'WHY'], rows)
  return next === undefined ? text : `${text}\n\nThere are more: add --cursor ${next}`
}
