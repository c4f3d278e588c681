import type { Budget } from '../../schemas/generated/types'
import type { SyncSettings } from './configuration-of'

const NONE = 'none'

/** As the audit has it: `budget 64 kbit/s, 50 MB a day; first Patient, Immunization`. */
export function settingsInWords({ budget = {}, lanes }: SyncSettings): string {
  const first = lanes && (lanes.urgent.join(', ') || 'nothing')
  return [`budget ${budgetInWords(budget)}`, ...(first === undefined ? [] : [`first ${first}`])].join('; ')
}

/** `64 kbit/s, 50 MB a day, hours 22-06` */
export function budgetInWords({ kilobitsPerSecond, megabytesPerDay, hours, urgent }: Budget): string {
  const parts = [
    kilobitsPerSecond !== undefined && `${kilobitsPerSecond} kbit/s`,
    megabytesPerDay !== undefined && `${megabytesPerDay} MB a day`,
    hours !== undefined && `hours ${hours}`,
    urgent !== undefined && `urgent ${urgent}`,
  ]
  return parts.filter((part) => part !== false).join(', ') || NONE
}
