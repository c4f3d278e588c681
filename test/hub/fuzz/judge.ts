import { ROUTES, type RouteName } from '../../../hub/access/table'
import { ANSWER_MS } from '../../../hub/readiness'
import { ERROR_CODES } from '../../../protocol/error-codes'
import { BY_PROOF, type CallerName } from './callers'
import { TEXTS } from './dictionary'
import { type Fuzzed, isAsAsked } from './mutate-request'
import type { Outcome } from './wire'

/** What nobody outside has to read: of our files, of the programs behind, of the language. */
const INTERNAL =
  /\n\s+at |node_modules|[\w-]+\.[cm]?[jt]s:\d|\/(dist|work|home|tmp|opt)\/|\b(Type|Range|Syntax|Reference|URI|Assertion)Error\b|\bE(NOENT|CONN\w+|PIPE|ACCES)\b|ERR_[A-Z]|\[object \w+\]|pouchdb|leveldb|leveldown|express|body-parser|path-to-regexp|node_security|_design\/|org\.couchdb\.user|nano\b/i

/** Of these the fuzz itself stores some as names and reasons, and a list shows what is stored. */
const STORED = TEXTS.filter((text) => INTERNAL.test(text))

/** Documents what it is made of. */
const TELLS_OF_ITSELF: readonly string[] = ['/openapi.json', '/metrics']

/** Answered by Node itself before there is a request: what is no HTTP, too long, or not expected. */
const BEFORE_HTTP: readonly number[] = [400, 408, 413, 417, 431]

/** What is wrong with an answer; nothing where a hub may answer so. */
export function complaintsAbout(
  outcome: Outcome,
  sent: Fuzzed,
  asked: { route: RouteName; caller: CallerName; secrets: readonly string[] },
): string[] {
  if (outcome.kind === 'silence') return [`no whole answer within ${outcome.ms} ms`]
  if (outcome.kind === 'cut') return sent.isAlone ? [] : ['the connection was cut']
  const { status, head } = outcome
  const body = outcome.body.toString('utf8')
  const tells = TELLS_OF_ITSELF.some((path) => sent.target.startsWith(path)) && status === 200
  const own = status < 300 ? STORED.reduce((text, stored) => text.replaceAll(stored, ''), body) : body
  const internal = tells ? null : INTERNAL.exec(`${head}\n${own}`)
  return [
    ...(status >= 200 && status < 600 ? [] : [`a status ${status}`]),
    ...(internal ? [`it says ${JSON.stringify(internal[0])}`] : []),
    ...asked.secrets.filter((secret) => `${head}${body}`.includes(secret)).map(() => 'it tells a secret'),
    ...(status >= 400 ? ofRefusal(outcome, body, sent) : []),
    ...(status < 300 && isShutOut(asked, sent) ? [`${asked.caller} was let in`] : []),
  ]
}

function isShutOut({ route, caller }: { route: RouteName; caller: CallerName }, { mutations }: Fuzzed): boolean {
  const { proof } = ROUTES[route]
  return isAsAsked(mutations) && proof !== 'nothing' && BY_PROOF[proof] !== caller
}

/** Contract, section 7: a code of the list, with its status; CouchDB's words for a checkpoint; or Node's own, without any. */
function ofRefusal(answer: Extract<Outcome, { kind: 'answer' }>, body: string, sent: Fuzzed): string[] {
  const { status, headers } = answer
  if (body === '') {
    const isBare = sent.method === 'HEAD' || (BEFORE_HTTP.includes(status) && headers['x-request-id'] === undefined)
    return isBare ? ofFault(answer, undefined, sent) : [`${status} without a body`]
  }
  const code = codeIn(body)
  if (code === undefined) return [`${status} without a code: ${body.slice(0, 200)}`]
  if (code === 'not_found' || code === 'conflict') return sent.target.includes('/_local/') ? [] : [`${code} of CouchDB`]
  if (!Object.hasOwn(ERROR_CODES, code)) return [`${code} is not in the list`]
  const known = ERROR_CODES[code as keyof typeof ERROR_CODES].status
  return [...(known === status ? [] : [`${code} with ${status}`]), ...ofFault(answer, code, sent)]
}

/**
 * Too much at once is said so. A database that answers is at fault with nothing but being slow: where it is told sooner than
 * the hub gives up, a fault of ours hides there.
 */
function ofFault(
  { status, headers, ms }: Extract<Outcome, { kind: 'answer' }>,
  code: string | undefined,
  { target }: Fuzzed,
): string[] {
  if (status < 500) return []
  const isDocumented = status === 503 && headers['retry-after'] !== undefined
  const isSlow = ms >= (target.startsWith('/readyz') ? ANSWER_MS : SLOW_MS)
  const isLoad = code === 'OVERLOADED' || (code !== 'INTERNAL' && isSlow)
  return isDocumented && isLoad ? [] : [`${status} ${code ?? ''} after ${ms} ms`]
}

/** Less than the 30 s that a question to the database is given. */
const SLOW_MS = 20_000

function codeIn(body: string): string | undefined {
  try {
    const { error, issue } = JSON.parse(body) as {
      error?: string
      issue?: { details?: { coding?: { code?: string }[] } }[]
    }
    return error ?? issue?.[0]?.details?.coding?.[0]?.code
  } catch {
    return undefined
  }
}
