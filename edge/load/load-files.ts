import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { Agent, request } from 'undici'
import { isErrorBody, isLoadReport } from '../../schemas/generated/validators'
import { type FileResult, type LoadProgress, summaryOf } from './load-progress'
import { MAX_LOAD_BYTES } from './routes'

/** A file's bundle can take the edge long, but not for ever. */
const ANSWER_MS = 300_000
/** How many wrong elements are shown of one file. */
const MAX_SHOWN = 3

/**
 * Loads bundles (.json, .json.gz) one after the other into the edge at `edgeUrl`. A bad file is named and passed over.
 *
 * @returns the process' exit status: 0 if every file was loaded, else 1
 */
export async function loadFiles(
  files: readonly string[],
  edgeUrl: string,
  progress: LoadProgress,
  now: () => number = () => performance.now(),
  proof: Readonly<Record<string, string>> = {},
): Promise<number> {
  const startedMs = now()
  const agent = new Agent({ headersTimeout: ANSWER_MS, bodyTimeout: ANSWER_MS, connections: 1 })
  const results: FileResult[] = []
  progress.start(files.length)
  try {
    for (const file of files) {
      const result = await loadFile(file, edgeUrl, agent, proof)
      results.push(result)
      progress.done(result)
      if (result.kind === 'refused' && result.stop) break
    }
  } finally {
    await agent.close()
  }
  progress.end(summaryOf(results, files.length, (now() - startedMs) / 1_000))
  return results.length === files.length && results.every(({ kind }) => kind === 'loaded') ? 0 : 1
}

async function loadFile(
  file: string,
  edgeUrl: string,
  dispatcher: Agent,
  proof: Readonly<Record<string, string>>,
): Promise<FileResult> {
  const refused = (reason: string, stop = false): FileResult => ({
    kind: 'refused',
    file: basename(file),
    reason,
    stop,
  })
  let bundle: Buffer
  try {
    bundle = await compressed(file)
  } catch (error) {
    return refused(readFailure(error))
  }
  try {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip', ...proof }
    const response = await request(`${edgeUrl}/load`, { method: 'POST', headers, body: bundle, dispatcher })
    const answer: unknown = await response.body.json()
    if (response.statusCode === 200 && isLoadReport(answer))
      return { kind: 'loaded', file: basename(file), report: answer }
    return refused(isErrorBody(answer) ? inWords(answer) : `the edge answered with status ${response.statusCode}`)
  } catch {
    return refused(`no edge answers at ${edgeUrl}; start it, or set EDGE_URL`, true)
  }
}

/** As gzip, whichever way it is on the disk. A .gz is unpacked once here, so that a broken one is told from a bad bundle. */
async function compressed(file: string): Promise<Buffer> {
  const bytes = await readFile(file)
  if (!file.endsWith('.gz')) return promisify(gzip)(bytes, { level: 1 })
  await promisify(gunzip)(bytes, { maxOutputLength: MAX_LOAD_BYTES })
  return bytes
}

function inWords(body: { reason: string; issues?: unknown }): string {
  const issues: unknown[] = Array.isArray(body.issues) ? body.issues : []
  const shown = issues.slice(0, MAX_SHOWN).map((issue) => {
    const { expression, diagnostics } = issue as { expression?: unknown; diagnostics?: unknown }
    return `${String(expression)} ${String(diagnostics)}`
  })
  const more = issues.length > MAX_SHOWN ? [`and ${issues.length - MAX_SHOWN} more`] : []
  return shown.length === 0 ? body.reason : `${body.reason} ${[...shown, ...more].join('; ')}`
}

function readFailure(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EISDIR') return 'it is a folder'
  if (code === 'ERR_BUFFER_TOO_LARGE') return 'it is too large'
  return code.startsWith('Z_')
    ? 'it is not a gzip file, or not a whole one'
    : `it can not be read${code && ` (${code})`}`
}
