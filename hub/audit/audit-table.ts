import { stringify } from 'csv-stringify'
import type { AuditEntry } from '../../schemas/generated/types'

/** What of an entry is a text or a number. */
const PLAIN = [
  '_id',
  'at',
  'kind',
  'action',
  'outcome',
  'code',
  'operator',
  'node',
  'mrn',
  'purpose',
  'reason',
] as const
/** The columns of the CSV, in order; more may follow at the end. */
const COLUMNS = [...PLAIN, 'linked', 'chain', 'number', 'hash']

/**
 * Takes entries and gives CSV (RFC 4180) with a head. A reason is what anybody wrote, and a spreadsheet would calculate it
 * where it begins like a formula: such a cell begins with an apostrophe instead.
 */
export function csvOfEntries() {
  return stringify({ header: true, columns: COLUMNS, escape_formulas: true, record_delimiter: 'windows' })
}

export function csvRow(entry: AuditEntry): Readonly<Record<string, string | number | undefined>> {
  const { linked, chain } = entry
  const placed = { linked: linked?.join(' '), chain: chain?.id, number: chain?.number, hash: chain?.hash }
  const plain = PLAIN.map((name) => [name, entry[name]] as const)
  return { ...Object.fromEntries(plain), ...placed }
}
