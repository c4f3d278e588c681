import { type Command, Option } from 'commander'
import type { EdgeStatus, ImportTicket, RefusedList } from '../schemas/generated/types'
import { askEdge } from './ask-edge'
import { loadFiles } from './load/load-files'
import { loadProgress } from './load/load-progress'
import { runEdge } from './main'
import { readEdgeUrl } from './settings'

/** `lontar edge …`: starts an edge, or asks the one that runs at EDGE_URL. */
export function addEdgeCommands(program: Command): void {
  const edge = program
    .command('edge')
    .description('start the edge of a facility; its settings are environment variables, see docs/operations.md')
    .action(runEdge)

  edge
    .command('status')
    .description('what the running edge knows of its registration and of what has arrived at the hub')
    .option('--json', 'for programs')
    .action(async ({ json }: { json?: boolean }) => {
      const status = await askEdge<EdgeStatus>('/status')
      print(json ? JSON.stringify(status, null, 2) : statusText(status))
    })

  edge
    .command('load')
    .description('load FHIR bundles (.json, .json.gz) of other systems; loading one again changes nothing')
    .argument('<file...>')
    .action(async (files: string[]) => {
      process.exitCode = await loadFiles(files, readEdgeUrl(), loadProgress(process.stderr))
    })

  edge
    .command('import')
    .description('bring the record of a patient of another facility here')
    .argument('<mrn>')
    .option('--reason <text>', 'why; BTG needs one')
    .addOption(new Option('--purpose <code>', 'HL7 purpose of use, such as TREAT, ETREAT or BTG').default('TREAT'))
    .action(async (mrn: string, { purpose, reason }: { purpose: string; reason?: string }) => {
      const body = { mrn, purpose, ...(reason !== undefined && { reason }) }
      const ticket = await askEdge<ImportTicket>('/imports', body)
      print(`Asked for ${ticket.mrn}; it comes as soon as the link is there. See it at /imports/${ticket.id}.`)
    })

  edge
    .command('refused')
    .description('documents that the hub did not take, and why')
    .option('--json', 'for programs')
    .option('--retry', 'send them again now')
    .action(async ({ json, retry }: { json?: boolean; retry?: boolean }) => {
      if (retry) await askEdge('/refused/retry', {})
      const list = await askEdge<RefusedList>('/refused')
      print(json ? JSON.stringify(list, null, 2) : refusedText(list))
    })

  edge
    .command('register')
    .description('ask the hub again, for a facility that was rejected')
    .action(async () => {
      const registration = await askEdge<EdgeStatus['registration']>('/registration', {})
      print(
        `Asked again. The pairing code is ${spaced(registration.pairingCode ?? '')}; tell it to the operator by phone.`,
      )
    })
}

function statusText({ externalId, registration, dataAccess, sync, attention = [] }: EdgeStatus): string {
  const code = registration.status === 'pending' ? `, pairing code ${spaced(registration.pairingCode ?? '')}` : ''
  const why = registration.reason === undefined ? '' : `: ${registration.reason}`
  return [
    `facility      ${externalId}`,
    `registration  ${registration.status}${code}${why}`,
    `data access   ${dataAccess.status}${dataAccess.reason === undefined ? '' : `: ${dataAccess.reason}`}`,
    `sync          ${sync.state}${sync.retryAt === undefined ? '' : `, next try ${sync.retryAt}`}`,
    `waiting       ${sync.pendingDocuments} documents`,
    `refused       ${sync.refusedDocuments} documents`,
    `last arrived  ${sync.lastAcknowledgedAt ?? 'never'}`,
    `sent          ${sync.bytesSent} bytes`,
    ...attention.map((sentence) => `attention     ${sentence}`),
  ].join('\n')
}

function refusedText({ refused }: RefusedList): string {
  if (refused.length === 0) return 'The hub has refused nothing.'
  return refused.map(({ id, reason, at, attempts }) => `${id}\n  ${reason} (${at}, ${attempts} times)`).join('\n')
}

/** As people read it out: `3F7K 9QWD`. */
function spaced(code: string): string {
  return `${code.slice(0, 4)} ${code.slice(4)}`.trim()
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
