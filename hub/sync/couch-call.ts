/** One request to CouchDB as a node's own user, so that the validators in the database are the second wall. */
export type AskCouch = (method: 'GET' | 'PUT' | 'POST', path: string, body?: unknown) => Promise<CouchAnswer>

export interface CouchAnswer {
  status: number
  /** Parsed JSON. */
  body: unknown
}

/** Who is at the gate: an accepted node that is not suspended. */
export interface SyncCaller {
  nodeName: string
  externalId: string
  ask: AskCouch
}
