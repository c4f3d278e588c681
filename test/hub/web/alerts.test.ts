import { asRequest, byKind, MOST, receiversOf, rulesOf } from '../../../hub/web/alerts/alert-form'
import { changeSettings } from '../../../hub/web/alerts/change-settings'
import type { Alert, AlertSettings } from '../../../schemas/generated/types'
import { isAlertSettingsRequest } from '../../../schemas/generated/validators'
import rulesSchema from '../../../schemas/messages/alert-rules.json'

const rules = {
  'node-silent': 24,
  'node-behind': null,
  'documents-refused': 20,
  'disk-low': 2,
  'clock-wrong': 300,
  'certificate-expiring': 21,
  'sign-in-locked': 5,
  'btg-to-review': 7,
  'audit-broken': 0,
}
const settings: AlertSettings = {
  rules,
  auditCheckHours: 24,
  repeatHours: 12,
  webhook: { url: 'https://alerts.example.org/lontar' },
  email: { to: ['duty@example.org'] },
  changedAt: '2026-11-22T07:00:00.000Z',
  changedBy: 'siti.rahayu',
}

test('alerts stand by their kind, facilities before the hub, and the longest first', () => {
  const alert = (kind: Alert['kind'], since: string): Alert => ({ kind, since, value: 30, threshold: 24 })
  const early = alert('node-silent', '2026-11-20T07:00:00.000Z')
  const late = alert('node-silent', '2026-11-21T07:00:00.000Z')
  const certificate = alert('certificate-expiring', '2026-11-19T07:00:00.000Z')
  expect(byKind([certificate, late, early])).toEqual([
    { kind: 'node-silent', alerts: [early, late] },
    { kind: 'certificate-expiring', alerts: [certificate] },
  ])
  expect(byKind([])).toEqual([])
})

test('a threshold that is left empty is a rule that is off, and never 0', () => {
  expect(rulesOf({ ...rules, 'disk-low': '', 'audit-broken': 0 })).toEqual({ ...rules, 'disk-low': null })
})

test('no threshold can be typed that the hub refuses', () => {
  const most = Object.entries(rulesSchema.properties).map(([kind, { maximum }]) => [kind, maximum])
  expect(Object.entries(MOST).sort()).toEqual(most.sort())
})

test.each([
  ['', '', '', {}],
  [' https://a.example ', '', '', { webhook: { url: 'https://a.example' } }],
  ['https://a.example', '9KpS2vX7mQ4tY8bW', '', { webhook: { url: 'https://a.example', secret: '9KpS2vX7mQ4tY8bW' } }],
  ['', '9KpS2vX7mQ4tY8bW', 'a@b.id, c@d.id\n\na@b.id', { email: { to: ['a@b.id', 'c@d.id'] } }],
])('%j, %j and %j are told as %j', (url, secret, addresses, expected) => {
  expect(receiversOf({ url, secret, addresses })).toEqual(expected)
})

test('settings go back as the hub takes them', () => {
  expect(isAlertSettingsRequest(settings)).toBe(false)
  expect(isAlertSettingsRequest(asRequest(settings))).toBe(true)
})

describe('a part that is changed', () => {
  async function sentWith(...change: [object, ('webhook' | 'email')[]?]): Promise<unknown> {
    const sent: unknown[] = []
    const ask = async <T>(_path: string, { method = 'GET', body }: { method?: string; body?: unknown } = {}) => {
      if (method === 'PUT') sent.push(body)
      return settings as T
    }
    await changeSettings(ask, ...change)
    return sent[0]
  }

  test('leaves the others as they are at the hub', async () => {
    expect(await sentWith({ repeatHours: 6 })).toEqual({ ...asRequest(settings), repeatHours: 6 })
  })

  test('can take a receiver away', async () => {
    const { webhook: _webhook, ...others } = asRequest(settings)
    expect(await sentWith({ email: settings.email }, ['webhook', 'email'])).toEqual(others)
  })
})
