import { setTimeout } from 'node:timers/promises'
import type { NodeList } from '../../schemas/generated/types'
import { ask } from '../trial/ask'
import { basic } from './line'

/** The hub under load, and who decides there. */
export interface Ministry {
  readonly url: string
  readonly operator: { readonly name: string; readonly password: string }
  /** Its database, where it is one of the simulation's own. */
  readonly couch?: { readonly url: string; readonly password: string }
}

const TRY_EVERY_MS = 100
const MOST_TRIES = 300
const DAY_MS = 86_400_000

export async function acceptRegistration(ministry: Ministry, id: string): Promise<void> {
  await decide(ministry, `registrations/${id}/accept`)
}

export async function acceptDataAccess(ministry: Ministry, nodeName: string): Promise<void> {
  await decide(ministry, `nodes/${nodeName}/data-access/accept`)
}

/** Gives a facility new credentials whose old ones nobody has any more, as for a new machine. */
export async function reopen(ministry: Ministry, nodeName: string): Promise<void> {
  await decide(ministry, `nodes/${nodeName}/reopen`)
}

export async function nodesOf(ministry: Ministry): Promise<NodeList['nodes']> {
  return (await asked<NodeList>(ministry, 'nodes')).nodes
}

/**
 * A facility that fell silent days ago: nobody waits for days in front of a demonstration. Only where the database is ours; at
 * another hub the silent ones are silent from now on.
 */
export async function silenceSince(ministry: Ministry, nodeName: string, days: number): Promise<void> {
  const { couch } = ministry
  if (!couch) return
  const at = new Date(Date.now() - days * DAY_MS).toISOString()
  // It was let in a day before it fell silent, was last seen then, and reported then.
  const before = new Date(Date.now() - (days + 1) * DAY_MS).toISOString()
  await change(couch, nodeName, (node) => ({ ...node, acceptedAt: before }))
  await change(couch, `seen:${nodeName}`, (seen) => ({ ...seen, at }))
  await change(couch, `report:${nodeName}`, (kept) => ({ ...kept, report: { ...(kept['report'] as object), at } }))
}

/** The hub writes down who called after it has answered: what is not there yet is waited for, and what it wrote meanwhile is read again. */
async function change(
  { url, password }: NonNullable<Ministry['couch']>,
  id: string,
  to: (document: Record<string, unknown>) => object,
): Promise<void> {
  const headers = { authorization: basic('admin', password), 'content-type': 'application/json' }
  const at = `${url}/nodes/${encodeURIComponent(id)}`
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    if (tries > 0) await setTimeout(TRY_EVERY_MS)
    const found = await fetch(at, { headers })
    const text = await found.text()
    if (!found.ok) continue
    const document = JSON.parse(text) as Record<string, unknown>
    const changed = await fetch(at, { method: 'PUT', headers, body: JSON.stringify(to(document)) })
    await changed.arrayBuffer()
    if (changed.ok) return
  }
  throw new Error(`the hub has not written ${id} down`)
}

async function decide(ministry: Ministry, path: string): Promise<void> {
  await asked(ministry, path, {})
}

function asked<T>({ url, operator }: Ministry, path: string, body?: object): Promise<T> {
  return ask<T>(`${url}/operator/${path}`, {
    ...(body && { method: 'POST', body }),
    name: operator.name,
    password: operator.password,
  })
}
