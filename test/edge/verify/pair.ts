import { createHash } from 'node:crypto'
import PouchDB from 'pouchdb'
import { HubLine } from '../../../edge/verify/ask-hub'
import { OnlyAtHub } from '../../../edge/verify/only-at-hub'
import { type RunParts, runVerification } from '../../../edge/verify/run'
import type { RecordDocument, VerifyResult } from '../../../schemas/generated/types'
import { askJson, basic } from '../../support/ask'
import { type CountingProxy, startCountingProxy } from '../../support/counting-proxy'
import type { RunningHub } from '../../support/hub'
import { type NodeAccount, registerNode } from '../../support/node'
import { temporaryFolder } from '../../support/processes'
import { firstRevision } from '../../support/records'

const PUSHED_AT_ONCE = 2_000

/** One facility's documents at both ends, and a count of what goes between them; the replicator is played by the test. */
export class Pair {
  onlyAtHub = new OnlyAtHub()
  refused: string[] = []
  /** What the last run with a receipt has left to the next. */
  deletions: RunParts['deletions']
  sentAgain: string[] = []
  /** Whether what is sent again arrives. */
  delivers = true
  beforeAsked: () => Promise<void> = async () => undefined
  key: { hubId: string; publicKey: string } | undefined

  private constructor(
    readonly hub: RunningHub,
    readonly account: NodeAccount,
    readonly database: PouchDB.Database<RecordDocument>,
    readonly proxy: CountingProxy,
    readonly line: HubLine,
    readonly remove: () => Promise<void>,
  ) {}

  static async of(hub: RunningHub, externalId: string): Promise<Pair> {
    const account = await registerNode(hub, externalId)
    const folder = await temporaryFolder()
    const database = new PouchDB<RecordDocument>(`${folder.path}/ehr`)
    const proxy = await startCountingProxy(hub.url, '/')
    const line = new HubLine(() => ({ ...account, hubUrl: proxy.url }))
    return new Pair(hub, account, database, proxy, line, async () => {
      await line.stop()
      await proxy.stop()
      await database.close()
      await folder.remove()
    })
  }

  get authorization(): string {
    return basic(this.account.nodeName, this.account.syncPassword)
  }

  /** At both ends, in the same first revision; the hub gets them through its gate. */
  async write(documents: readonly RecordDocument[], ends: { edge?: boolean; hub?: boolean } = {}): Promise<void> {
    const { edge = true, hub = true } = ends
    for (let at = 0; at < documents.length; at += PUSHED_AT_ONCE) {
      const docs = documents
        .slice(at, at + PUSHED_AT_ONCE)
        .map((document) => firstRevision(document, createHash('md5').update(JSON.stringify(document)).digest('hex')))
      if (edge) await this.database.bulkDocs(docs as unknown as RecordDocument[], { new_edits: false })
      if (hub) await this.push(docs)
    }
  }

  async push(docs: readonly object[]): Promise<void> {
    const path = `${this.hub.url}/sync/ehr/_bulk_docs`
    const answer = await askJson(path, this.authorization, { method: 'POST', body: { new_edits: false, docs } })
    expect(answer).toMatchObject({ status: 201, body: [] })
  }

  /** The leaves of these documents as the edge has them. */
  async pushFromEdge(ids: readonly string[]): Promise<void> {
    for (let at = 0; at < ids.length; at += PUSHED_AT_ONCE) {
      const docs: object[] = []
      for (const id of ids.slice(at, at + PUSHED_AT_ONCE)) {
        const leaves = (await this.database.get(id, { open_revs: 'all', revs: true })) as unknown as { ok: object }[]
        docs.push(...leaves.map(({ ok }) => ok))
      }
      await this.push(docs)
    }
  }

  async verify(change: Partial<RunParts> = {}) {
    const verification = await runVerification({
      database: this.database,
      externalId: this.account.externalId,
      hub: {
        verify: async (request, signal) => {
          await this.beforeAsked()
          return this.line.verify(request, signal)
        },
        lacking: (revisions, signal) => this.line.lacking(revisions, signal),
        receiptKey: (signal) => this.line.receiptKey(signal),
      },
      whenAcknowledged: async () => {
        if (this.delivers) await this.pushFromEdge(this.sentAgain)
        return Number((await this.database.info()).update_seq)
      },
      refusedIds: async () => this.refused,
      sendAgain: (ids) => {
        this.sentAgain = [...ids]
      },
      onlyAtHub: this.onlyAtHub,
      deletions: this.deletions,
      keyOf: async (signal) => {
        this.key ??= await this.line.receiptKey(signal)
        return this.key
      },
      followKey: async () => undefined,
      now: () => new Date(),
      signal: AbortSignal.timeout(300_000),
      progress: () => undefined,
      ...change,
    })
    if (verification.receipt) this.deletions = verification.deletions
    return verification
  }

  /** As the administrator, past the gate. */
  async removeAtHub(id: string, how: 'delete' | 'purge'): Promise<void> {
    const path = `/ehr/${encodeURIComponent(id)}`
    const { _rev } = (await this.hub.couch(path)).body as { _rev: string }
    const answer =
      how === 'delete'
        ? await this.hub.couch(`${path}?rev=${_rev}`, { method: 'DELETE' })
        : await this.hub.couch('/ehr/_purge', { method: 'POST', body: { [id]: [_rev] } })
    expect(answer.status).toBeLessThan(300)
  }

  receiptAtHub() {
    return this.hub.operator(`/operator/nodes/${this.account.nodeName}/receipt`)
  }
}

export function outcomeOf({ result }: { result: VerifyResult }) {
  const { outcome, documents, missing, changed, sentAgain, onlyAtHub } = result
  return { outcome, documents, missing: missing.ids, changed: changed.ids, sentAgain: sentAgain.ids, onlyAtHub }
}
