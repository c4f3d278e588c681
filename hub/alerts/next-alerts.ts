import type { AlertDocument } from '../../schemas/generated/types'
import type { Condition } from './rules'

/** Where alerts are told of. */
export const CHANNELS = ['webhook', 'email'] as const

export type ChannelName = (typeof CHANNELS)[number]

export type AlertEvent = 'raised' | 'still' | 'resolved'

/**
 * The documents of alerts as they should be, with those that are over marked so. Pure; what has not changed is the very document
 * that was given. The value of an alert that goes on is written anew only once it is told again: 400 facilities that grow more
 * silent by the minute would be 400 writes a minute.
 */
export function nextAlerts(
  known: readonly AlertDocument[],
  conditions: readonly Condition[],
  now: Date,
): { changed: AlertDocument[]; all: AlertDocument[] } {
  const at = now.toISOString()
  const before = new Map(known.map((document) => [document._id, document]))
  const isOn = new Set<string>()
  const all = conditions.map((condition): AlertDocument => {
    const _id = alertId(condition)
    isOn.add(_id)
    const document = before.get(_id)
    if (document === undefined) return { _id, kind: 'alert', alert: { ...condition, since: at }, sent: {} }
    if (document.resolvedAt === undefined) return document
    // It came back before everybody had heard that it was over: it goes on as the one that it was.
    const { resolvedAt: _over, resolvedSent: _told, ...again } = document
    return { ...again, alert: { ...condition, since: again.alert.since } }
  })
  for (const document of known) {
    if (isOn.has(document._id)) continue
    all.push(document.resolvedAt === undefined ? { ...document, resolvedAt: at } : document)
  }
  return { changed: all.filter((document) => before.get(document._id) !== document), all }
}

/** What a channel is to be told of an alert now; undefined for nothing. Pure. */
export function dueAt(
  channel: ChannelName,
  { sent, resolvedAt, resolvedSent }: AlertDocument,
  { now, repeatMs }: { now: Date; repeatMs: number },
): AlertEvent | undefined {
  const lastAt = sent[channel]
  // Nobody is told of the end of what he was never told of.
  if (resolvedAt !== undefined)
    return lastAt !== undefined && resolvedSent?.[channel] === undefined ? 'resolved' : undefined
  if (lastAt === undefined) return 'raised'
  return now.getTime() - Date.parse(lastAt) >= repeatMs ? 'still' : undefined
}

/** Once it has been told. */
export function toldAt(channel: ChannelName, document: AlertDocument, now: Date): AlertDocument {
  const told = { [channel]: now.toISOString() }
  return document.resolvedAt === undefined
    ? { ...document, sent: { ...document.sent, ...told } }
    : { ...document, resolvedSent: { ...document.resolvedSent, ...told } }
}

/** Whether nobody needs the document any more. */
export function isOver(document: AlertDocument, channels: readonly ChannelName[]): boolean {
  const { resolvedAt, sent, resolvedSent } = document
  if (resolvedAt === undefined) return false
  return channels.every((channel) => sent[channel] === undefined || resolvedSent?.[channel] !== undefined)
}

export function alertId({ kind, nodeName, gateway }: Pick<Condition, 'kind' | 'nodeName' | 'gateway'>): string {
  const about = nodeName ?? gateway
  return about === undefined ? `alert:${kind}` : `alert:${kind}:${about}`
}
