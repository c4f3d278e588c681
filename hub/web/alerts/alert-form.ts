import type {
  Alert,
  AlertList,
  AlertRules,
  AlertSettings,
  AlertSettingsRequest,
} from '../../../schemas/generated/types'

export type AlertKind = Alert['kind']

/** In the order in which they are shown: facilities, then the hub. */
export const KINDS = [
  'node-silent',
  'node-behind',
  'documents-refused',
  'disk-low',
  'clock-wrong',
  'btg-to-review',
  'audit-broken',
  'sign-in-locked',
  'certificate-expiring',
] as const satisfies readonly AlertKind[]

/** As schemas/messages/alert-rules.json has them. */
export const MOST: Readonly<Record<AlertKind, number>> = {
  'node-silent': 8_760,
  'node-behind': 8_760,
  'documents-refused': 1_000_000,
  'disk-low': 100_000,
  'clock-wrong': 86_400,
  'certificate-expiring': 365,
  'sign-in-locked': 100_000,
  'btg-to-review': 3_650,
  'audit-broken': 1_000,
}

/** What is on now by kind, in the order of KINDS, the longest first. */
export function byKind(alerts: AlertList['alerts']): { kind: AlertKind; alerts: Alert[] }[] {
  const sorted = [...alerts].sort((a, b) => a.since.localeCompare(b.since))
  return KINDS.map((kind) => ({ kind, alerts: sorted.filter((alert) => alert.kind === kind) })).filter(
    (group) => group.alerts.length > 0,
  )
}

/** The settings as they are, to be sent back with a part of them changed: who changed them when is not ours to say. */
export function asRequest({ changedAt: _at, changedBy: _by, ...settings }: AlertSettings): AlertSettingsRequest {
  return settings
}

/** A field that is empty counts as off, so that nothing is warned of at a threshold that nobody typed. */
export function rulesOf(typed: Readonly<Record<AlertKind, number | string | null>>): AlertRules {
  const of = (kind: AlertKind) => {
    const value = typed[kind]
    return typeof value === 'number' ? value : null
  }
  return {
    'node-silent': of('node-silent'),
    'node-behind': of('node-behind'),
    'documents-refused': of('documents-refused'),
    'disk-low': of('disk-low'),
    'clock-wrong': of('clock-wrong'),
    'certificate-expiring': of('certificate-expiring'),
    'sign-in-locked': of('sign-in-locked'),
    'btg-to-review': of('btg-to-review'),
    'audit-broken': of('audit-broken'),
  }
}

export interface Receivers {
  readonly url: string
  /** Empty: the one before stays. */
  readonly secret: string
  /** One address a line, or with commas between. */
  readonly addresses: string
}

/** What is typed in the form, as the hub takes it: what is empty is told to nobody. */
export function receiversOf({ url, secret, addresses }: Receivers): Pick<AlertSettingsRequest, 'webhook' | 'email'> {
  const to = [...new Set(addresses.split(/[\s,;]+/).filter((address) => address !== ''))]
  const address = url.trim()
  return {
    ...(address !== '' && { webhook: { url: address, ...(secret !== '' && { secret }) } }),
    ...(to.length > 0 && { email: { to } }),
  }
}
