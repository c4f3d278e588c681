import type { AuditHead } from '../../../schemas/generated/types'
import type { PlacedEntry } from '../chain-place'
import type { Break } from './break'
import { type ChainEndState, ChainWalk } from './chain-walk'
import type { Judging } from './judging'
import { SaidOfChains } from './said-of-chains'
import { UnchainedWalk } from './unchained-walk'

/** What the verifier asks; the command line gives it from the running hub, a test from the database. */
export interface AuditSource {
  heads(): Promise<{ documents: number; here?: AuditHead }>
  /** All entries of the kind `chain`, in any order. */
  chainEntries(): AsyncIterable<unknown>
  /** Every document: chain by chain, by number; what has no chain first, by time. */
  byChain(): AsyncIterable<unknown>
}

export interface VerifyReport {
  readonly entries: number
  readonly chains: number
  readonly sealed: number
  /** Chains that were not sealed, the one of the answering gateway among them. */
  readonly open: readonly (ChainEndState & { readonly isHere: boolean })[]
  /** Entries from before there were chains. */
  readonly unchained: number
  /** The first one of each chain; the earliest first. */
  readonly breaks: readonly Break[]
}

/**
 * Goes along all chains of the audit once, in memory for what is said of chains and no more. A break is looked at a second time:
 * entries are written while one reads, and what is read in pages may lack one that came between two of them.
 *
 * @param noted ends of chains that somebody wrote down outside
 */
export async function verifyAudit(
  source: AuditSource,
  judging: Judging,
  noted: readonly AuditHead[] = [],
): Promise<VerifyReport> {
  const first = await verifyOnce(source, judging, noted)
  return first.breaks.length === 0 ? first : verifyOnce(source, judging, noted)
}

async function verifyOnce(source: AuditSource, judging: Judging, noted: readonly AuditHead[]): Promise<VerifyReport> {
  const { documents, here } = await source.heads()
  const said = new SaidOfChains()
  for (const head of noted) said.claim(head, 'the note')
  if (here) said.claim(here, 'the gateway that wrote it')
  for await (const entry of source.chainEntries()) if (judging.isEntry(entry)) said.take(entry)

  const unchained = new UnchainedWalk(said, judging)
  const breaks: Break[] = []
  const open: (ChainEndState & { isHere: boolean })[] = []
  const walked = new Set<string>()
  const counts = { entries: 0, unchained: 0, sealed: 0 }
  let walk: ChainWalk | undefined
  const close = () => {
    const came = walk?.end()
    if (came === undefined) return
    if ('kind' in came) breaks.push(came)
    else if (came.state === 'sealed') counts.sealed++
    else open.push({ ...came, isHere: came.head?.chain === here?.chain })
  }
  for await (const document of source.byChain()) {
    counts.entries++
    if (!isPlaced(document, judging)) {
      counts.unchained++
      unchained.take(document)
      continue
    }
    if (walk?.id !== document.chain.id) {
      close()
      walk = new ChainWalk(document.chain.id, said, judging)
      walked.add(walk.id)
    }
    walk.take(document)
  }
  close()
  const before = unchained.end()
  if ('kind' in before) breaks.push(before)
  for (const chain of said.seen) {
    if (chain === '' || walked.has(chain)) continue
    const [claim] = said.claimsOf(chain)
    const reason = `Chain ${chain} is not there; ${claim?.by} has seen it up to number ${claim?.head.number}.`
    breaks.push({ kind: 'gone', chain, reason })
  }
  if (counts.entries < documents) {
    const reason = `The database holds ${documents} entries, and its index shows ${counts.entries}.`
    breaks.push({ kind: 'hidden', chain: '', reason })
  }
  // Of what is gone nobody knows when it was.
  breaks.sort((a, b) => (a.at ?? 'unknown').localeCompare(b.at ?? 'unknown'))
  return {
    entries: counts.entries,
    chains: walked.size,
    sealed: counts.sealed,
    open,
    unchained: counts.unchained,
    breaks,
  }
}

function isPlaced(document: unknown, { isEntry }: Judging): document is PlacedEntry {
  return isEntry(document) && document.chain !== undefined
}
