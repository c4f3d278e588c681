import { stringify } from 'csv-stringify/sync'
import type { Statistics } from '../../schemas/generated/types'

/**
 * The rows as CSV (RFC 4180) with a head. What is suppressed has no number and a 1 in the last column. A district is what somebody wrote, and a spreadsheet would
 * calculate it where it begins like a formula: such a cell begins with an apostrophe instead.
 */
export function csvOf({ by, rows }: Statistics): string {
  const columns = [...by, ...(by.includes('group') ? ['label'] : []), 'count', 'suppressed']
  const records = rows.map((row) => ({ ...row, count: row.count ?? '', suppressed: row.count === null ? 1 : '' }))
  return stringify(records, { header: true, columns, escape_formulas: true, record_delimiter: 'windows' })
}
