import { weekText } from '../../protocol/iso-week'
import type { Question } from './question'

/** As the audit has it: `visits, 2026-W36 to 2026-W47, by district,week, facility 101`. */
export function questionInWords({ measure, first, last, by, facility, group }: Question): string {
  return [
    measure,
    `${weekText(first)} to ${weekText(last)}`,
    by.length > 0 ? `by ${by.join(',')}` : 'in all',
    ...(facility === undefined ? [] : [`facility ${facility}`]),
    ...(group === undefined ? [] : [`group ${group}`]),
  ].join(', ')
}
