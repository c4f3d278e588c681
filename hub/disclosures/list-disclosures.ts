import { CodedError } from '../../protocol/error-codes'
import { isMrn } from '../../protocol/mrn'
import { externalIdOfNode } from '../../protocol/node-name'
import { owns } from '../../protocol/owns'
import type { AuditEntry, Disclosure, DisclosureList } from '../../schemas/generated/types'
import { isAuditEntry } from '../../schemas/generated/validators'
import type { AuditDatabase } from '../audit/audit-database'
import { cursorOf, cursorText, END, limitOf, momentOf } from '../audit/audit-page'

export const DISCLOSURE_FILTERS = ['from', 'to', 'mrn', 'limit', 'cursor'] as const
export type DisclosureQuery = { [F in (typeof DISCLOSURE_FILTERS)[number]]?: string | undefined }

/** So many are looked at for one page; a page may be shorter for it, and `next` goes on. */
const MOST_SCANNED = 5_000

/** Who outside has read records of this facility, oldest first: what went out of the hub, linked records among it. */
export async function listDisclosures(
  externalId: string,
  query: DisclosureQuery,
  deps: { database: Pick<AuditDatabase, 'view'>; nameOf: (nodeName: string) => Promise<string | undefined> },
): Promise<DisclosureList> {
  const limit = limitOf(query.limit)
  const { mrn } = query
  if (mrn !== undefined && !(isMrn(mrn) && owns(externalId, mrn))) {
    throw new CodedError('INVALID_REQUEST', 'mrn must be one of this facility.')
  }
  const from = momentOf('from', query.from)
  const startKey = cursorOf(query.cursor, [externalId], 4) ?? [externalId, ...(from === undefined ? [] : [from])]
  const endKey = [externalId, momentOf('to', query.to) ?? END]
  const atOnce = mrn === undefined ? limit : MOST_SCANNED
  const rows = await deps.database.view('disclosures-by-owner', { startKey, endKey, limit: atOnce + 1 })
  const disclosures: Disclosure[] = []
  for (const [index, { key, document }] of rows.entries()) {
    if (disclosures.length === limit || index === atOnce) return { disclosures, next: cursorText(key) }
    const read = String(key[3])
    if (!isAuditEntry(document) || (mrn !== undefined && read !== mrn)) continue
    disclosures.push(await disclosureOf(document, read, deps.nameOf))
  }
  return { disclosures }
}

/** An operator reads for no facility: older edges show the name that stands where a facility's would. */
const MINISTRY = 'Ministry'

async function disclosureOf(
  { _id, at, node = '', operator, purpose = '', reason }: AuditEntry,
  mrn: string,
  nameOf: (nodeName: string) => Promise<string | undefined>,
): Promise<Disclosure> {
  const name = operator === undefined ? await nameOf(node) : MINISTRY
  return {
    id: _id,
    at,
    mrn,
    facility: { externalId: externalIdOfNode(node) ?? '', ...(name !== undefined && { name }) },
    ...(operator !== undefined && { operator }),
    purpose,
    ...(reason !== undefined && { reason }),
    breaksGlass: purpose === 'BTG',
  }
}
