import type { AlertDocument, AlertSettings } from '../../schemas/generated/types'
import { isAlertDocument } from '../../schemas/generated/validators'
import { type Database, endOf, stored } from '../nodes/database'
import type { Send } from './channels'
import type { Lease } from './lease'
import { MOST_IN_MESSAGE, messageOf, type Told } from './message'
import { alertId, CHANNELS, type ChannelName, dueAt, isOver, nextAlerts, toldAt } from './next-alerts'
import { conditionsOf, type Facts } from './rules'
import { NotDelivered } from './webhook'

/** What is left over goes with the next evaluation. */
const MOST_MESSAGES = 5

export interface EvaluateParts {
  readonly nodes: Database
  readonly facts: () => Promise<Facts>
  readonly settings: AlertSettings
  readonly channels: Partial<Record<ChannelName, Send>>
  readonly lease: Pick<Lease, 'renew'>
  readonly hubId: string
  readonly now: () => Date
  /** Of each try at each channel. */
  readonly tried: (channel: ChannelName, outcome: 'sent' | 'failed', error?: unknown) => void
}

/**
 * Holds the rules against what is so now and tells what is new, what goes on and what is over. What was found is in the database
 * before anybody is told, and that somebody was told is written after it: whoever dies in between leaves it to the next one, which
 * tells it once more under the same id.
 */
export async function evaluate(parts: EvaluateParts): Promise<void> {
  const { nodes, settings, now } = parts
  const conditions = conditionsOf(await parts.facts(), settings.rules, now())
  const { changed, all } = nextAlerts(await knownAlerts(nodes), conditions, now())
  await parts.lease.renew()
  for (const document of changed) await nodes.put(document)
  const values = new Map(conditions.map((condition) => [alertId(condition), condition.value]))
  const current = all.map((document) => withValue(document, values.get(document._id)))
  let documents = new Map(current.map((document) => [document._id, document]))
  for (const channel of CHANNELS) {
    const send = parts.channels[channel]
    if (send) documents = await tell(channel, send, documents, parts)
  }
  const set = CHANNELS.filter((channel) => parts.channels[channel])
  for (const document of documents.values()) {
    if (isOver(document, set)) await forget(nodes, document._id)
  }
}

async function tell(
  channel: ChannelName,
  send: Send,
  documents: Map<string, AlertDocument>,
  { nodes, settings, lease, hubId, now, tried }: EvaluateParts,
): Promise<Map<string, AlertDocument>> {
  const after = new Map(documents)
  const repeatMs = settings.repeatHours * 3_600_000
  const due = [...documents.values()].flatMap((document): Told[] => {
    const event = dueAt(channel, document, { now: now(), repeatMs })
    return event === undefined ? [] : [{ event, document }]
  })
  for (let at = 0; at < Math.min(due.length, MOST_MESSAGES * MOST_IN_MESSAGE); at += MOST_IN_MESSAGE) {
    const told = due.slice(at, at + MOST_IN_MESSAGE)
    await lease.renew()
    try {
      await send(messageOf(told, hubId, now()))
    } catch (error) {
      if (!(error instanceof NotDelivered)) throw error
      tried(channel, 'failed', error)
      // The others would fail too, and it is tried again at the next evaluation.
      return after
    }
    tried(channel, 'sent')
    for (const { document } of told) after.set(document._id, await keep(nodes, toldAt(channel, document, now())))
  }
  return after
}

export async function knownAlerts(nodes: Pick<Database, 'range'>): Promise<AlertDocument[]> {
  return (await nodes.range('alert:', endOf('alert:'))).map(asAlert)
}

/** Only the holder of the lease writes here, so what is in the way is its own earlier revision. */
async function keep(nodes: Database, document: AlertDocument): Promise<AlertDocument> {
  const found = await nodes.get(document._id)
  const rev = found === undefined ? undefined : asAlert(found)._rev
  const { _rev, ...content } = document
  await nodes.put({ ...content, ...(rev !== undefined && { _rev: rev }) })
  return document
}

async function forget(nodes: Database, id: string): Promise<void> {
  const found = await nodes.get(id)
  const rev = found === undefined ? undefined : asAlert(found)._rev
  if (rev !== undefined) await nodes.remove(id, rev)
}

/** People are told how it is now, not how it was when it began. */
function withValue(document: AlertDocument, value: number | undefined): AlertDocument {
  return value === undefined ? document : { ...document, alert: { ...document.alert, value } }
}

function asAlert(document: unknown): AlertDocument {
  return stored(isAlertDocument, document, 'alert')
}
