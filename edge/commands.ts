import { type Command, Option } from 'commander'
import { readPassphrase } from '../runtime/read-passphrase'
import type { DisclosureList, EdgeStatus, ImportTicket, RefusedList } from '../schemas/generated/types'
import { askEdge, fetchFromEdge, proofFor } from './ask-edge'
import { backupTo, checkedBackup, restoreFrom } from './backup/backup-commands'
import { keepCertificate } from './certificate/keep-certificate'
import { disclosuresText } from './disclosures/show-disclosures'
import { loadFiles } from './load/load-files'
import { loadProgress } from './load/load-progress'
import { runEdge } from './main'
import { readFacility } from './people/facility'
import { readCertificatePlace, readDataFolder, readEdgeUrl } from './settings'
import { spaced, statusText } from './status/status-text'
import { watchStatus } from './status/watch-status'
import { followVerification } from './verify/follow-verification'
import { progressText, verificationText } from './verify/show-verification'

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
    .option('--watch', 'go on showing it, until Ctrl-C')
    .action(async ({ json, watch }: { json?: boolean; watch?: boolean }) => {
      if (watch) return showStatuses(json ?? false)
      const status = await askEdge<EdgeStatus>('/status')
      print(json ? JSON.stringify(status, null, 2) : statusText(status))
    })

  edge
    .command('load')
    .description('load FHIR bundles (.json, .json.gz) of other systems; loading one again changes nothing')
    .argument('<file...>')
    .action(async (files: string[]) => {
      const proof = await proofFor(readEdgeUrl())
      process.exitCode = await loadFiles(files, readEdgeUrl(), loadProgress(process.stderr), undefined, proof)
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
    .command('verify')
    .description('prove that the hub has every document that it acknowledged; what it lacks is sent again')
    .option('--json', 'for programs')
    .option('--new-key', 'trust the key that the hub signs receipts with now, after the ministry has replaced it')
    .action(async ({ json, newKey = false }: { json?: boolean; newKey?: boolean }) => {
      let shown = ''
      const status = await followVerification(askEdge, { newKey }, (now) => {
        const line = progressText(now)
        if (!json && line !== shown) process.stderr.write(`${line}\n`)
        shown = line
      })
      print(json ? JSON.stringify(status, null, 2) : verificationText(status))
      if (status.last?.outcome !== 'agrees') process.exitCode = 1
    })

  edge
    .command('disclosures')
    .description("which other facilities have read this one's records, as the hub knows it")
    .option('--mrn <mrn>', 'of this patient alone')
    .option('--refresh', 'ask the hub now; by itself the edge asks once a day')
    .option('--json', 'for programs')
    .action(async ({ mrn, refresh, json }: { mrn?: string; refresh?: boolean; json?: boolean }) => {
      if (refresh) await askEdge('/disclosures/refresh', {})
      const list = await askEdge<DisclosureList>(
        `/disclosures${mrn === undefined ? '' : `?mrn=${encodeURIComponent(mrn)}`}`,
      )
      print(json ? JSON.stringify(list, null, 2) : disclosuresText(list))
    })

  edge
    .command('backup')
    .description(
      'all data of the running edge as one encrypted file; asks for a passphrase, or reads it from the input',
    )
    .argument('<folder>', 'such as that of a USB stick; with --check a backup')
    .option('--check', 'read a backup, whether it is whole')
    .action(async (path: string, { check }: { check?: boolean }) => {
      const passphrase = await readPassphrase('Passphrase of the backup: ')
      if (check) return print(await checkedBackup(path, passphrase))
      const ending = new AbortController()
      process.once('SIGINT', () => ending.abort())
      const parts = { dataFolder: readDataFolder(), ask: askEdge, fetch: fetchFromEdge, signal: ending.signal }
      print(await backupTo(path, passphrase, parts))
    })

  edge
    .command('restore')
    .description('put a backup back into EDGE_DATA, where there is nothing yet and no edge runs')
    .argument('<file>')
    .action(async (file: string) => {
      print(await restoreFrom(file, await readPassphrase('Passphrase of the backup: '), readDataFolder()))
    })

  edge
    .command('make-certificate')
    .description(
      'an authority of your own and a certificate of it, so that other computers at the facility can use the edge',
    )
    .option(
      '--names <names>',
      'by which it is called, with commas in between; else EDGE_NAMES. Those of this machine are added',
    )
    .option('--renew', 'in place of the one that is there')
    .action(async ({ names, renew = false }: { names?: string; renew?: boolean }) => {
      const { dataFolder, externalId, ...place } = readCertificatePlace(names)
      const facility = (await readFacility(dataFolder))?.externalId ?? externalId
      const parts = { dataFolder, names: place.names, facility }
      print(await keepCertificate({ ...parts, now: new Date(), isRenewed: renew }))
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

/** On a terminal in place, else one after the other; as JSON one a line. */
async function showStatuses(json: boolean): Promise<void> {
  const { stdout } = process
  let shownLines = 0
  for await (const status of watchStatus(readEdgeUrl(), new AbortController().signal, () => proofFor(readEdgeUrl()))) {
    if (json) {
      if (status) print(JSON.stringify(status))
      continue
    }
    const text = status ? statusText(status) : `No edge answers at ${readEdgeUrl()}; asking again.`
    if (stdout.isTTY && shownLines > 0) stdout.write(`\x1b[${shownLines}A\x1b[J`)
    print(stdout.isTTY ? text : `${text}\n`)
    shownLines = text.split('\n').length
  }
}

function refusedText({ refused }: RefusedList): string {
  if (refused.length === 0) return 'The hub has refused nothing.'
  return refused.map(({ id, reason, at, attempts }) => `${id}\n  ${reason} (${at}, ${attempts} times)`).join('\n')
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
