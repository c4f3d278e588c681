import { X509Certificate } from 'node:crypto'
import type { HubSettingsSummary } from '../../schemas/generated/types'
import type { HubSettings } from '../settings'

const HOUR_MS = 3_600_000

/** What people may know of a gateway's settings: nothing that opens anything. */
export function settingsSummary(
  settings: HubSettings,
  known: {
    version: string
    hubId: string
    storeUrl: string
    certificate: string | undefined
    metrics: boolean
    daysKept: number
  },
): HubSettingsSummary {
  const endsAt = known.certificate === undefined ? undefined : certificateEndsAt(known.certificate)
  const { idleMs, absoluteMs } = settings.operatorSessions
  return {
    version: known.version,
    hubId: known.hubId,
    ...(settings.publicUrl !== undefined && { publicUrl: settings.publicUrl }),
    store: { kind: settings.couchdbUrl === undefined ? 'embedded' : 'couchdb', fauxton: `${known.storeUrl}/_utils/` },
    tls: { on: known.certificate !== undefined, ...(endsAt !== undefined && { certificateEndsAt: endsAt }) },
    isBehindProxy: settings.trustProxy !== undefined,
    consentPolicy: settings.consentPolicy,
    sessions: { idleMinutes: idleMs / 60_000, hours: absoluteMs / HOUR_MS },
    rotationOverlapHours: settings.rotationOverlapMs / HOUR_MS,
    ratesPerMinute: settings.rates,
    metrics: known.metrics,
    reports: { daysKept: known.daysKept },
  }
}

/** When it ends, of the first certificate in a PEM file. */
export function certificateEndsAt(pem: string): string {
  return new Date(new X509Certificate(pem).validTo).toISOString()
}
