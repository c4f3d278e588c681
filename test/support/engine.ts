import { ClassicLevel } from 'classic-level'
import PouchDB from 'pouchdb'
import { ulid } from 'ulid'
import { BudgetKeeper } from '../../edge/replicator/budget-keeper'
import { BudgetUse } from '../../edge/replicator/budget-use'
import type { HubAccess } from '../../edge/replicator/hub-connection'
import { RefusedList } from '../../edge/replicator/refused-list'
import { Replicator } from '../../edge/replicator/replicator'
import { createLog } from '../../runtime/log'
import type { Budget, RecordDocument, RefusedDocument } from '../../schemas/generated/types'
import { until } from './processes'
import type { ReceivedRequest, ScriptedAnswer } from './scripted-server'

/** The engine on a real database, without the rest of an edge. */
export class Engine {
  unauthorized = 0
  reachable = 0
  readonly faults: unknown[] = []
  now = () => new Date()
  #replicator: Replicator | undefined

  private constructor(
    readonly folder: string,
    readonly database: PouchDB.Database,
    readonly level: ClassicLevel<string, unknown>,
  ) {}

  static async open(folder: string): Promise<Engine> {
    const level = new ClassicLevel<string, unknown>(`${folder}/state`, { valueEncoding: 'json' })
    await level.open()
    return new Engine(folder, new PouchDB(`${folder}/ehr`), level)
  }

  /** A new life of the process: another session, the same data. */
  async start(access: HubAccess, budget: Budget = {}): Promise<void> {
    const now = () => this.now()
    const part = <V>(name: string) => this.level.sublevel<string, V>(name, { valueEncoding: 'json' })
    this.#replicator = await new Replicator({
      database: this.database,
      externalId: '101',
      refused: await RefusedList.open(part<RefusedDocument>('refused')),
      budget: new BudgetKeeper(budget, await BudgetUse.open(part<number>('budget')), now),
      sessionId: ulid(),
      now,
      random: () => 0.01,
      log: createLog('edge', 'silent'),
      onUnauthorized: () => {
        this.unauthorized++
      },
      onReachable: () => {
        this.reachable++
      },
      onFault: (error) => {
        this.faults.push(error)
      },
    }).start()
    this.#replicator.useAccess(access)
  }

  get replicator(): Replicator {
    if (!this.#replicator) throw new Error('not started')
    return this.#replicator
  }

  async write(...documents: RecordDocument[]): Promise<void> {
    const results = await this.database.bulkDocs(documents)
    expect(results.every((result) => 'ok' in result)).toBe(true)
    this.#replicator?.wake()
  }

  async idle(): Promise<void> {
    await until('the engine is idle', async () => {
      const { state, pendingDocuments } = await this.replicator.status()
      return state === 'idle' && pendingDocuments === 0
    })
  }

  async stop(): Promise<void> {
    await this.#replicator?.stop()
    this.#replicator = undefined
  }

  async close(): Promise<void> {
    await this.stop()
    await this.database.close()
    await this.level.close()
  }
}

/** A peer that takes everything and remembers nothing. */
export const healthy = ({ method, path, body }: ReceivedRequest): ScriptedAnswer => {
  if (path.startsWith('/_local'))
    return method === 'GET' ? { status: 404, body: {} } : { status: 201, body: { rev: '0-1' } }
  if (path !== '/_revs_diff') return { status: 201, body: [] }
  const revs = Object.entries(body as Record<string, string[]>)
  return { status: 200, body: Object.fromEntries(revs.map(([id, missing]) => [id, { missing }])) }
}

/** As `healthy`, but some earlier life of the facility's edge has pushed to it: it may have anything. */
export const pushedTo = (request: ReceivedRequest): ScriptedAnswer =>
  request.method === 'GET' && request.path.startsWith('/_local')
    ? { status: 200, body: { _rev: '0-1', history: [{ session_id: 'earlier', recorded_seq: 0 }] } }
    : healthy(request)
