import type { EdgeStatus } from '../../schemas/generated/types'

/** `lontar edge status`, for people. */
export function statusText({ externalId, registration, dataAccess, sync, attention = [] }: EdgeStatus): string {
  const code = registration.status === 'pending' ? `, pairing code ${spaced(registration.pairingCode ?? '')}` : ''
  const why = registration.reason === undefined ? '' : `: ${registration.reason}`
  const { urgent } = sync.lanes
  const oldest = sync.oldestPendingAt === null ? '' : `, the oldest of ${sync.oldestPendingAt}`
  return [
    `facility      ${externalId}`,
    `registration  ${registration.status}${code}${why}`,
    `data access   ${dataAccess.status}${dataAccess.reason === undefined ? '' : `: ${dataAccess.reason}`}`,
    `sync          ${sync.state}${sync.retryAt === undefined ? '' : `, next try ${sync.retryAt}`}`,
    ...(sync.reason === undefined ? [] : [`              ${sync.reason}`]),
    `waiting       ${sync.pendingDocuments} documents (${urgent} of them urgent), ${bytesText(sync.pendingBytes)}${oldest}`,
    `speed         ${speedText(sync)}`,
    `refused       ${sync.refusedDocuments} documents`,
    `last arrived  ${sync.lastAcknowledgedAt ?? 'never'}`,
    `sent          ${bytesText(sync.bytesSent)}, over the link today ${bytesText(sync.bytesToday)}`,
    ...attention.map((sentence) => `attention     ${sentence}`),
  ].join('\n')
}

function speedText({ bytesPerSecond, estimatedSeconds }: EdgeStatus['sync']): string {
  if (bytesPerSecond === 0) return 'nothing is being sent'
  const left = estimatedSeconds === null ? '' : `, done in about ${durationText(estimatedSeconds)}`
  return `${bytesText(bytesPerSecond)}/s${left}`
}

/** `1.4 MB`; units of a thousand, as those who sell data count. */
export function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  const units = ['kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = ''
  for (const next of units) {
    if (value < 999.5) break
    value /= 1_000
    unit = next
  }
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${unit}`
}

export function durationText(seconds: number): string {
  if (seconds < 90) return `${seconds} s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`
  return seconds < 48 * 3_600 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`
}

/** As people read it out: `3F7K 9QWD`. */
export function spaced(code: string): string {
  return `${code.slice(0, 4)} ${code.slice(4)}`.trim()
}
