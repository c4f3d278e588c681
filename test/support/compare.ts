import { isDeepStrictEqual } from 'node:util'
import PouchDB from 'pouchdb'
import { owns } from '../../protocol/owns'
import { isSent } from '../../protocol/push-rules'
import type { RunningHub } from './hub'

/** A document as it is compared: everything but what a store adds. */
export type Documents = Map<string, unknown>

/** Ids, each in its order; three empty lists where both ends hold the same, revision by revision and without conflicts. */
export interface Differences {
  missingAtHub: string[]
  onlyAtHub: string[]
  different: string[]
}

/** What the ends hold of one facility's documents, side by side. */
export function differencesOf(externalId: string, atEdge: Documents, atHub: Documents): Differences {
  const own = [...atHub.keys()].filter((id) => owns(externalId, id))
  const ids = [...atEdge.keys()].sort()
  return {
    missingAtHub: ids.filter((id) => !atHub.has(id)),
    onlyAtHub: own.filter((id) => !atEdge.has(id)).sort(),
    different: ids.filter((id) => atHub.has(id) && !isDeepStrictEqual(atHub.get(id), atEdge.get(id))),
  }
}

/** Everything that a stopped edge has to send, read from its files. */
export async function documentsOfEdge(dataFolder: string, externalId: string): Promise<Documents> {
  const database = new PouchDB(`${dataFolder}/ehr`)
  try {
    const { rows } = await database.allDocs({ include_docs: true })
    return new Map(rows.flatMap(({ doc }) => (doc && isSent(externalId, doc) ? [[doc._id, doc] as const] : [])))
  } finally {
    await database.close()
  }
}

/** Everything in the hub's `ehr` but design documents, or what is one facility's of it. */
export async function documentsOfHub(hub: RunningHub, externalId?: string): Promise<Documents> {
  const documents: Documents = new Map()
  for (let startkey = ''; ; ) {
    const query = `include_docs=true&conflicts=true&limit=2000&startkey=${encodeURIComponent(JSON.stringify(startkey))}`
    const { body } = await hub.couch(`/ehr/_all_docs?${query}`)
    const { rows } = body as { rows: { id: string; doc: unknown }[] }
    for (const { id, doc } of rows) {
      if (externalId === undefined ? !id.startsWith('_design/') : owns(externalId, id)) documents.set(id, doc)
    }
    const last = rows.at(-1)
    if (rows.length < 2_000 || !last) return documents
    startkey = `${last.id}\u0000`
  }
}
