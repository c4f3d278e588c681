import { messageOf } from '../../../hub/alerts/message'
import { dueAt, isOver, nextAlerts, toldAt } from '../../../hub/alerts/next-alerts'
import type { Condition } from '../../../hub/alerts/rules'
import type { AlertDocument } from '../../../schemas/generated/types'
import { isAlertMessage } from '../../../schemas/generated/validators'

const HOUR_MS = 3_600_000
const at = (hours: number) => new Date(Date.parse('2026-11-23T00:00:00.000Z') + hours * HOUR_MS)
const SILENT: Condition = { kind: 'node-silent', nodeName: 'node-101', value: 25, threshold: 24 }
const times = (hours: number) => ({ now: at(hours), repeatMs: 12 * HOUR_MS })

function only(documents: readonly AlertDocument[]): AlertDocument {
  const [document, ...more] = documents
  if (!document || more.length > 0) throw new Error(`${documents.length} documents`)
  return document
}

describe('the life of an alert', () => {
  const raised = only(nextAlerts([], [SILENT], at(0)).all)
  const told = toldAt('webhook', raised, at(0))
  const over = only(nextAlerts([told], [], at(20)).all)

  test('it begins, and is told at each place', () => {
    expect(raised).toMatchObject({ _id: 'alert:node-silent:node-101', alert: { since: at(0).toISOString() } })
    expect([dueAt('webhook', raised, times(0)), dueAt('email', raised, times(0))]).toEqual(['raised', 'raised'])
  })

  test('while it goes on nothing is written, and nothing told before its time', () => {
    expect(nextAlerts([told], [{ ...SILENT, value: 30 }], at(5)).changed).toEqual([])
    expect([dueAt('webhook', told, times(11.9)), dueAt('webhook', told, times(12))]).toEqual([undefined, 'still'])
  })

  test('its end is told to whoever was told of it, and to nobody else', () => {
    expect(over.resolvedAt).toBe(at(20).toISOString())
    expect([dueAt('webhook', over, times(20)), dueAt('email', over, times(20))]).toEqual(['resolved', undefined])
    expect(isOver(over, ['webhook', 'email'])).toBe(false)
    const all = toldAt('webhook', over, at(20))
    expect([dueAt('webhook', all, times(40)), isOver(all, ['webhook', 'email'])]).toEqual([undefined, true])
  })

  test('one that nobody heard of goes without a word', () => {
    expect(isOver(only(nextAlerts([raised], [], at(1)).all), ['webhook', 'email'])).toBe(true)
  })

  test('one that comes back before its end was told is the one that it was', () => {
    const back = only(nextAlerts([over], [SILENT], at(21)).all)
    expect(back.resolvedAt).toBeUndefined()
    expect([back.alert.since, dueAt('webhook', back, times(11))]).toEqual([raised.alert.since, undefined])
  })

  test('what is told again after a fault has the same id, and the next repetition another', () => {
    const id = (document: AlertDocument, hours: number) =>
      messageOf([{ event: 'still', document }], 'hub', at(hours)).alerts[0]?.id
    expect(id(told, 12)).toBe(id(told, 13))
    expect(id(toldAt('webhook', told, at(12)), 24)).not.toBe(id(told, 12))
    expect(isAlertMessage(messageOf([{ event: 'resolved', document: over }], 'hub', at(20)))).toBe(true)
  })
})
