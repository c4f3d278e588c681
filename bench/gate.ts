import { randomBytes } from 'node:crypto'
import { brotliCompressSync, constants } from 'node:zlib'
import { Agent, request } from 'undici'
import { askJson, basic } from '../test/support/ask'
import { type RunningHub, startHub } from '../test/support/hub'
import { type NodeAccount, registerNode } from '../test/support/node'
import { type Running, startProgram } from '../test/support/processes'
import { firstRevision, location } from '../test/support/records'
import { peakMemoryOf } from './memory'
import { printTargets } from './table'

const NODES = 200
const DOCUMENTS = 50
const SECONDS = 30
/** What one gateway may take of memory while they push. */
const WANTED = '400 MB'

export interface Pushed {
  documents: number
  milliseconds: number[]
  /** Answers that say to come again: 503 and 429. */
  later: number
}

/** Many facilities that push at the same time through one gateway; its database is another process. */
export async function benchGate(): Promise<void> {
  const store = await startHub()
  const gateway = await gatewayOn(store)
  try {
    const nodes: NodeAccount[] = []
    for (let at = 0; at < NODES; at++) nodes.push(await registerNode(gateway, `2${String(at).padStart(3, '0')}`))
    const before = peakMemoryOf(gateway.pid)
    const half = await pushAll(gateway, nodes)
    const atHalf = peakMemoryOf(gateway.pid)
    const rest = await pushAll(gateway, nodes)
    const took = [...half.milliseconds, ...rest.milliseconds].sort((a, b) => a - b)
    const documents = half.documents + rest.documents
    const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`
    printTargets(`${NODES} facilities push ${DOCUMENTS} documents at a time for ${SECONDS} s`, '–', 'gateway', [
      ['documents/s', '', (documents / SECONDS).toFixed(0), '–'],
      ['a push, p50', '', `${took[Math.floor(took.length / 2)]?.toFixed(0)} ms`, '–'],
      ['a push, p99', '', `${took[Math.floor(took.length * 0.99)]?.toFixed(0)} ms`, '–'],
      ['told to come again', '', `${half.later + rest.later} of ${took.length + half.later + rest.later}`, '–'],
      ['memory before', '', megabytes(before), '–'],
      ['most memory in the first half', '', megabytes(atHalf), '–'],
      ['most memory', '', megabytes(peakMemoryOf(gateway.pid)), WANTED],
    ])
  } finally {
    await gateway.kill()
    await store.remove()
  }
}

/** A second gateway, whose process holds nothing but itself. */
export async function gatewayOn(store: RunningHub): Promise<Running & Pick<RunningHub, 'operator'>> {
  const env = {
    COUCHDB_URL: databaseOf(store),
    HUB_SECRET_KEY: Buffer.alloc(32, 7).toString('base64url'),
    HUB_OPERATOR_PASSWORD: store.operatorPassword,
    HUB_LOG_LEVEL: 'warn',
    HUB_RATE_ADDRESS: '1000000',
    HUB_RATE_REGISTRATIONS: '1000000',
  }
  const program = await startProgram(['hub'], env, 'HUB_PORT', store.dataFolder)
  const operator: RunningHub['operator'] = (path, options = {}) =>
    askJson(`${program.url}${path}`, basic('operator', store.operatorPassword), options)
  return Object.assign(Object.create(program) as Running, { operator })
}

function databaseOf(store: RunningHub): string {
  const [name = '', password = ''] = Buffer.from(store.couchAuthorization.slice('Basic '.length), 'base64')
    .toString()
    .split(':')
  const url = new URL(store.couchUrl)
  url.username = name
  url.password = encodeURIComponent(password)
  return url.href.replace(/\/$/, '')
}

async function pushAll(gateway: Running, nodes: readonly NodeAccount[]): Promise<Pushed> {
  const pushed: Pushed = { documents: 0, milliseconds: [], later: 0 }
  const endAt = performance.now() + (SECONDS * 1_000) / 2
  await Promise.all(nodes.map((node) => pushUntil(endAt, gateway, node, pushed)))
  return pushed
}

/** One batch after the other over one kept connection, as an edge does. */
export async function pushUntil(endAt: number, gateway: Running, node: NodeAccount, pushed: Pushed): Promise<void> {
  const dispatcher = new Agent({ connections: 1 })
  const headers = {
    authorization: basic(node.nodeName, node.syncPassword),
    'content-type': 'application/json',
    'content-encoding': 'br',
  }
  while (performance.now() < endAt) {
    const docs = Array.from({ length: DOCUMENTS }, () => newDocument(node.externalId))
    const startedAt = performance.now()
    const answer = await request(`${gateway.url}/sync/ehr/_bulk_docs`, {
      method: 'POST',
      headers,
      body: packed({ new_edits: false, docs }),
      dispatcher,
    })
    await answer.body.dump()
    if (answer.statusCode === 503 || answer.statusCode === 429) {
      pushed.later++
      await new Promise((resume) => setTimeout(resume, 1_000 * Number(answer.headers['retry-after'] ?? 1)))
    } else if (answer.statusCode === 201) {
      pushed.documents += DOCUMENTS
      pushed.milliseconds.push(performance.now() - startedAt)
    } else throw new Error(`the gateway answered ${answer.statusCode}`)
  }
  await dispatcher.close()
}

/** About as long as a resource of a record, and as much alike. */
function newDocument(externalId: string): object {
  const local = randomBytes(8).toString('hex')
  return firstRevision(
    location(externalId, local, `Room ${local} ${'of the facility '.repeat(60)}`),
    randomBytes(16).toString('hex'),
  )
}

function packed(body: object): Buffer {
  return brotliCompressSync(JSON.stringify(body), { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } })
}
