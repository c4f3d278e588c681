import { type Command, Option } from 'commander'
import type {
  NodeList,
  NodeSummary,
  RegistrationList,
  RegistrationSummary,
  RekeyResult,
} from '../schemas/generated/types'
import { askHub } from './ask-hub'
import { addAuditCommands } from './audit-commands'
import { runHub } from './main'
import { addOperatorCommands } from './operator-commands'
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
  hub
    .command('rotate')
    .description(
      'give a facility new credentials, which reach it by themselves; the old ones work until it uses the new ones',
    )
    .argument('<node>')
    .option('--now', 'the old ones stop at once: for a computer that was stolen, or a password that is known')
    .action(async (node: string, { now }: { now?: boolean }) => {
      const outcome = now
        ? 'gets new credentials by itself; the old ones have stopped'
        : 'gets new credentials by itself; the old ones stop when it uses the new ones (--now: at once)'
      process.stdout.write(`${await changed(node, 'rotate', { overlap: !now }, outcome)}\n`)
    })
  hub
    .command('rekey')
    .description(
      'seal all secrets under HUB_SECRET_KEY that are sealed under HUB_SECRET_KEY_PREVIOUS; see docs/operations.md',
    )
    .option('--json', 'for programs')
    .action(async ({ json }: { json?: boolean }) => {
      const result = await askHub<RekeyResult>('/operator/rekey', {})
      print(json, result, rekeyText)
      if (!result.finished) process.exitCode = 1
    })
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

  addAuditCommands(hub)
  addOperatorCommands(hub)
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

function rekeyText({ finished, documents, resealed, unreadable }: RekeyResult): string {
  const done = `Sealed ${resealed} secrets anew; looked at ${documents} documents.`
  if (finished) {
    return `${done}\nEverything is under HUB_SECRET_KEY. HUB_SECRET_KEY_PREVIOUS can be dropped at every gateway, once all have the new key.`
  }
  return [
    done,
    'Not finished: keep HUB_SECRET_KEY_PREVIOUS. Neither key opens the secrets of:',
    ...unreadable.map((id) => `  ${printable(id)}`),
    'Set the key that sealed them as HUB_SECRET_KEY_PREVIOUS and run this again, or, for a node, `lontar hub rotate --now`.',
  ].join('\n')
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
