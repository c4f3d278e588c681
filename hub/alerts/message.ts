import { createHash } from 'node:crypto'
import type { Alert, AlertDocument, AlertMessage } from '../../schemas/generated/types'
import type { AlertEvent } from './next-alerts'
import type { AlertKind } from './rules'

/** More go in another message. */
export const MOST_IN_MESSAGE = 100

const HOW_MANY: Readonly<Record<AlertKind, (alert: Alert) => string>> = {
  'node-silent': ({ value, threshold }) => `was last let in ${value} hours ago (warned from ${threshold})`,
  'node-behind': ({ value, threshold }) => `has records that wait for ${value} hours (warned from ${threshold})`,
  'documents-refused': ({ value, threshold }) => `has ${value} documents that are refused (warned from ${threshold})`,
  'disk-low': ({ value, threshold }) => `has ${value} GB free on its disk (warned below ${threshold})`,
  'clock-wrong': ({ value, threshold }) => `has a clock that is off by ${value} s (warned from ${threshold})`,
  'certificate-expiring': ({ value, threshold }) =>
    `has a certificate that is good for ${value} days (warned below ${threshold})`,
  'sign-in-locked': ({ value, threshold }) =>
    `locked operators out ${value} times within an hour (warned from ${threshold})`,
  'btg-to-review': ({ value, threshold }) =>
    `has a broken glass that waits for its review for ${value} days (warned from ${threshold})`,
  'audit-broken': ({ value }) => `has an audit with ${value} breaks: run "lontar hub audit verify"`,
}

const EVENT_WORDS: Readonly<Record<AlertEvent, string>> = { raised: 'New', still: 'Still', resolved: 'Over' }

/** One line for a person. Names of nodes and gateways and numbers: nothing of a patient can be in it (law 10). */
export function textOf(event: AlertEvent, alert: Alert): string {
  const { kind, nodeName, gateway } = alert
  return `${EVENT_WORDS[event]}: ${nodeName ?? gateway ?? 'the hub'} ${HOW_MANY[kind](alert)}.`
}

export interface Told {
  readonly event: AlertEvent
  readonly document: AlertDocument
}

/**
 * What is told again has the same id, the message where nothing has come to it meanwhile, and each alert in any case: so whoever
 * gets it twice can tell.
 */
export function messageOf(told: readonly Told[], hubId: string, now: Date): AlertMessage {
  const ids = told.map(({ event, document: { _id, alert, sent } }) => idOf([hubId, event, _id, alert.since, sent]))
  return {
    id: idOf(ids),
    hubId,
    at: now.toISOString(),
    kind: 'alerts',
    alerts: told.map(({ event, document: { alert } }, at) => ({
      id: ids[at] ?? '',
      event,
      ...alert,
      text: textOf(event, alert),
      runbook: `docs/runbooks/${alert.kind}.md`,
    })),
  }
}

/** What an operator has sent to see whether it arrives. */
export function testMessage(hubId: string, now: Date): AlertMessage {
  return { id: idOf(['test', hubId, now.toISOString()]), hubId, at: now.toISOString(), kind: 'test', alerts: [] }
}

function idOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

/** For an e-mail. */
export function letterOf({ kind, alerts, hubId, at }: AlertMessage): { subject: string; text: string } {
  if (kind === 'test') {
    return { subject: '[Lontar] Test', text: `An operator of the hub ${hubId} tries whether alerts arrive. They do.\n` }
  }
  const many = (event: AlertEvent) => alerts.filter((alert) => alert.event === event).length
  const parts = [
    [many('raised'), 'new'],
    [many('still'), 'still'],
    [many('resolved'), 'over'],
  ].flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]))
  const runbooks = [...new Set(alerts.map(({ runbook }) => runbook))].map((page) => `  ${page}`)
  const lines = alerts.map(({ text, since }) => `${text}\n    since ${since.slice(0, 16).replace('T', ' ')} UTC`)
  const text = [...lines, '', 'What to do:', ...runbooks, '', `Hub ${hubId}, ${at}`, ''].join('\n')
  return { subject: `[Lontar] ${parts.join(', ')}`, text }
}
