import { cpSync } from 'node:fs'
import { join } from 'node:path'
import PouchDB from 'pouchdb'
import { madeUpRecord } from '../../scripts/made-up/records'
import { freePort } from '../../test/support/ask'
import { startEdge } from '../../test/support/edge'
import { temporaryFolder } from '../../test/support/processes'
import { readBundle, syntheaFiles } from '../../test/support/synthea'

/** Records in an edge's own store, as many as are asked for, which our engine and the stock one then push. */
export interface Sources {
  /** The store's folder. */
  of(count: number): Promise<string>
  remove(): Promise<void>
}

const TODAY = new Date('2026-01-15T00:00:00Z')
const PAGE = 1_000

/** All of Synthea's bundles, loaded once; where they are fewer than asked for, made-up patients after them. */
export async function openSources(): Promise<Sources> {
  const folder = await temporaryFolder()
  const made = new Map<number, Promise<string>>()
  let whole: Promise<{ path: string; count: number }> | undefined
  let wanted = 0
  const make = async (count: number) => {
    if (count > wanted) whole = undefined
    wanted = Math.max(count, wanted)
    whole ??= loaded(join(folder.path, `whole-${wanted}`), wanted)
    const path = join(folder.path, `first-${count}`)
    await copyFirst(count, (await whole).path, path)
    return path
  }
  return {
    of(count) {
      const known = made.get(count) ?? make(count)
      made.set(count, known)
      return known
    },
    remove: folder.remove,
  }
}

async function loaded(path: string, least: number): Promise<{ path: string; count: number }> {
  const edge = await startEdge('101', `http://127.0.0.1:${await freePort()}`)
  try {
    let count = 0
    const load = async (bundle: object) => {
      const { status, body } = await edge.ask('/load', { method: 'POST', body: bundle })
      if (status !== 200) throw new Error(`not loaded: ${status} ${JSON.stringify(body)}`)
      count += (body as { resources: { created: number } }).resources.created
    }
    for (const file of syntheaFiles()) if (count < least) await load(readBundle(file))
    for (let index = 0; count < least; index++) await load(madeUpRecord(1, index, TODAY))
    await edge.stop()
    cpSync(join(edge.dataFolder, 'ehr'), path, { recursive: true })
    return { path, count }
  } finally {
    await edge.remove()
  }
}

async function copyFirst(count: number, from: string, to: string): Promise<void> {
  const source = new PouchDB(from)
  const target = new PouchDB(to)
  try {
    let since = 0
    for (let left = count; left > 0; ) {
      const page = await source.changes({
        since,
        limit: Math.min(PAGE, left),
        include_docs: true,
      })
      const docs = page.results.flatMap(({ id, doc }) => (doc && !id.startsWith('_design/') ? [doc] : []))
      await target.bulkDocs(docs, { new_edits: false })
      left -= docs.length
      since = Number(page.last_seq)
      if (page.results.length === 0) throw new Error(`there are no ${count} records`)
    }
  } finally {
    await source.close()
    await target.close()
  }
}
