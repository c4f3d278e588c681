import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { type Command, Option } from 'commander'
import { PlainError } from '../runtime/plain-error'
import type { AuditHead, AuditHeads, AuditList } from '../schemas/generated/types'
import { isAuditHead, isAuditHeads } from '../schemas/generated/validators'
import { askHub, streamFromHub } from './ask-hub'
import { JUDGED_HERE } from './audit/verify/judging'
import { reportLines } from './audit/verify/report-text'
import { type AuditSource, verifyAudit } from './audit/verify/verify-audit'
import { printable, table } from './table'

const FORMATS = { ndjson: 'application/x-ndjson', csv: 'text/csv', fhir: 'application/fhir+json' } as const

interface ListOptions {
  node?: string
  json?: boolean
  format?: keyof typeof FORMATS
  [filter: string]: string | boolean | undefined
}

/** `lontar hub audit`: reads the audit of the running hub, and looks whether it is whole. */
export function addAuditCommands(hub: Command): void {
  const audit = hub
    .command('audit')
    .description('who asked for what, and what operators decided, in time order')
    .option('--mrn <mrn>', 'of one patient')
    .option('--node <node>', 'of one facility')
    .option('--operator <name>', 'of one operator')
    .option('--kind <kind>', 'such as import, registration, node, data-access, sign-in, operator, configuration')
    .addOption(new Option('--outcome <outcome>', 'only these').choices(['allowed', 'refused']))
    .option('--from <moment>', 'from this day or moment on, such as 2026-11-22')
    .option('--to <moment>', 'before this day or moment')
    .option('--limit <count>', 'so many at most')
    .option('--cursor <cursor>', 'where an earlier answer ended')
    .option('--json', 'for programs')
    .addOption(new Option('--format <format>', 'all of it, without --limit').choices(Object.keys(FORMATS)))
    .action(async ({ json, format, node, ...filters }: ListOptions) => {
      const name = node === undefined || node.startsWith('node-') ? node : `node-${node}`
      const path = `/operator/audit${queryOf({ ...filters, node: name })}`
      if (format) return pipeline(await streamFromHub(path, FORMATS[format]), process.stdout, { end: false })
      const list = await askHub<AuditList>(path)
      process.stdout.write(`${json ? JSON.stringify(list, null, 2) : auditTable(list)}\n`)
    })
  audit
    .command('heads')
    .description('where the chains of the audit end: keep this elsewhere, and verify against it later')
    .option('--json', 'for programs, and for verify --heads')
    // Named by the group too, and then its parser takes it.
    .action(async (_options, command: Command) => {
      const heads = await askHub<AuditHeads>('/operator/audit/heads')
      const { json } = command.optsWithGlobals<{ json?: boolean }>()
      process.stdout.write(`${json ? JSON.stringify(heads, null, 2) : headTable(heads)}\n`)
    })
  audit
    .command('verify')
    .description(
      'look whether entries of the audit are missing, altered, put in or in another order; if so it ends with 1',
    )
    .option('--heads <file>', 'and whether it holds what "heads --json" wrote into this file')
    .option('--json', 'for programs')
    .action(async ({ heads }: { heads?: string }, command: Command) => {
      const report = await verifyAudit(runningHub(), JUDGED_HERE, heads === undefined ? [] : await headsIn(heads))
      const { json } = command.optsWithGlobals<{ json?: boolean }>()
      process.stdout.write(
        `${json ? JSON.stringify(report, null, 2) : reportLines(report).map(printable).join('\n')}\n`,
      )
      if (report.breaks.length > 0) process.exitCode = 1
    })
}

/** The hub only reads out what its database has: whether that is whole is reckoned here. */
function runningHub(): AuditSource {
  return {
    heads: () => askHub<AuditHeads>('/operator/audit/heads'),
    chainEntries: () => lines('/operator/audit?kind=chain'),
    byChain: () => lines('/operator/audit/chains'),
  }
}

async function* lines(path: string): AsyncGenerator<unknown> {
  const input = await streamFromHub(path, FORMATS.ndjson)
  let broken: unknown
  input.on('error', (error) => {
    broken = error
  })
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) yield JSON.parse(line)
  // The reader of lines takes a connection that breaks off for the end.
  if (broken !== undefined || !input.readableEnded) {
    throw new PlainError('The hub broke off in the middle of the audit; nothing is known. Try again.', {
      cause: broken,
    })
  }
}

async function headsIn(file: string): Promise<AuditHead[]> {
  const problem = `${file} does not hold what "lontar hub audit heads --json" writes.`
  let noted: unknown
  try {
    noted = JSON.parse(await readFile(file, 'utf8'))
  } catch (cause) {
    throw new PlainError(problem, { cause })
  }
  if (isAuditHeads(noted)) return [...noted.heads, ...(noted.here ? [noted.here] : [])]
  if (Array.isArray(noted) && noted.every((head) => isAuditHead(head))) return noted
  throw new PlainError(problem)
}

function queryOf(values: Readonly<Record<string, string | boolean | undefined>>): string {
  const given = Object.entries(values).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as [string, string]] : [],
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

function headTable({ heads, documents, at }: AuditHeads): string {
  const rows = heads.map(({ chain, number, hash }) => [chain || '(before the first chain)', String(number), hash])
  const text = rows.length === 0 ? 'No chains.' : table(['CHAIN', 'NUMBER', 'HASH'], rows)
  return `${text}\n\n${documents} entries at ${at}.`
}

function auditTable({ entries, next, malformed }: AuditList): string {
  if (entries.length === 0 && next === undefined) return 'No entries.'
  const rows = entries.map(({ account, at, outcome, kind, action, node, operator, mrn, purpose, reason, code }) => {
    const who = operator ?? node
    const about = account ?? (operator === undefined ? mrn : node)
    const why = [code, purpose, reason].filter((part) => part !== undefined).join(', ')
    return [at.slice(0, 19).replace('T', ' '), outcome, `${kind}: ${action}`, who, about, why]
  })
  const text = table(['WHEN (UTC)', 'OUTCOME', 'WHAT', 'BY', 'ABOUT', 'WHY'], rows)
  const odd = malformed === undefined ? '' : `\n\n${malformed} documents are no entries: run lontar hub audit verify`
  return next === undefined ? `${text}${odd}` : `${text}${odd}\n\nThere are more: add --cursor ${next}`
}
