import type { AuditEntry, AuditHead, AuditHeads } from '../../schemas/generated/types'
import { isAuditEntry } from '../../schemas/generated/validators'
import type { AuditDatabase } from './audit-database'
import { unchainedHash } from './entry-hash'

type Ends = Pick<AuditDatabase, 'chains' | 'named' | 'view'>

export interface SeenHead {
  readonly head: AuditHead
  /** All that it has more than what is named is a word about others. */
  readonly isWitness: boolean
}

/** Sorts after every string and number, in CouchDB's collation. */
const END = {}
/** What is read at a time of the entries from before there were chains. */
const PAGE = 500

/** What is to be written down outside: the ends that nobody names. Whatever else there is, one of them names, by way of others. */
export async function auditHeads(
  database: Ends & Pick<AuditDatabase, 'documents'>,
  here: AuditHead | undefined,
  now: Date,
): Promise<AuditHeads> {
  // First, so that what is counted is there for whoever reads the entries next.
  const documents = await database.documents()
  const heads = (await unnamedHeads(database)).map(({ head }) => head)
  return { at: now.toISOString(), documents, heads, ...(here && { here }) }
}

/** The ends of chains that no entry of another chain names yet. */
export async function unnamedHeads(database: Ends): Promise<SeenHead[]> {
  const [chains, named] = await Promise.all([database.chains(), database.named()])
  const heads: SeenHead[] = []
  for (const [chain, { count, max }] of chains) {
    if (chain === '') {
      // Named once, when the first chain begins: what comes later belongs to none and is for the verifier to find.
      if (!named.has('')) heads.push({ head: await unchainedHead(database, count), isWitness: false })
    } else if (max > (named.get(chain)?.max ?? 0)) {
      const seen = await headOf(database, chain, max)
      const isNamedBefore = named.get(chain)?.max === max - 1
      if (seen) heads.push({ head: seen.head, isWitness: isNamedBefore && seen.action === 'witness' })
    }
  }
  return heads
}

async function headOf(
  database: Ends,
  chain: string,
  number: number,
): Promise<{ head: AuditHead; action: string } | undefined> {
  const last = await entryAt(database, chain, number)
  if (last?.chain === undefined) return undefined
  const { batch, hash } = last.chain
  const missing = await missingIn(database, chain, batch, number)
  return { head: { chain, number, hash, ...(missing.length > 0 && { missing }) }, action: last.action }
}

async function entryAt(database: Ends, chain: string, number: number): Promise<AuditEntry | undefined> {
  const [row] = await database.view('by-chain', { startKey: [chain, number], endKey: [chain, number, END], limit: 1 })
  return isAuditEntry(row?.document) ? row.document : undefined
}

/** Those of a chain's last batch that are not there: the database had not taken all of it when the gateway died. */
async function missingIn(database: Ends, chain: string, from: number, to: number): Promise<number[]> {
  if (from >= to) return []
  const range = { startKey: [chain, from], endKey: [chain, to, END], limit: to - from + 1 }
  const there = new Set((await database.view('by-chain', range)).map(({ key }) => key[1]))
  return Array.from({ length: to - from }, (_, index) => from + index).filter((number) => !there.has(number))
}

async function unchainedHead(database: Ends, count: number): Promise<AuditHead> {
  let hash: string | undefined
  let number = 0
  let startKey: readonly unknown[] = ['']
  while (number < count) {
    const rows = await database.view('by-chain', { startKey, endKey: ['', END], limit: PAGE + 1 })
    for (const { document } of rows.slice(0, PAGE)) {
      hash = unchainedHash(hash, document as AuditEntry)
      number += 1
    }
    const next = rows[PAGE]
    if (!next) break
    startKey = next.key
  }
  return { chain: '', number, hash: hash ?? '' }
}
