import type { Log } from '../../runtime/log'
import type { Stoppable } from '../../runtime/service'
import type { AuditChain } from './audit-chain'
import type { AuditDatabase } from './audit-database'
import { unnamedHeads } from './heads'

/** So long can the end of a chain be cut off and nobody know, where nobody has written it down. */
const EVERY_MS = 10 * 60_000
/** Ends in one entry, as its schema says. */
const MOST_IN_ENTRY = 100

export interface Witness extends Stoppable {
  /** Looks now. Nobody waits for it. */
  look(): void
}

/**
 * Writes down in this process's chain where the other chains end, when they have grown. So whoever cuts off the end of a
 * chain, or deletes a whole one, has to change another one too. The process's own end goes to the log, which is kept elsewhere.
 */
export function startWitness(
  chain: Pick<AuditChain, 'head' | 'witness'>,
  database: Pick<AuditDatabase, 'chains' | 'named' | 'view'>,
  { log, everyMs = EVERY_MS }: { log?: Pick<Log, 'info' | 'warn'> | undefined; everyMs?: number | undefined },
): Witness {
  let told = 0
  let looking: Promise<void> = Promise.resolve()
  let isStopped = false
  const look = async () => {
    if (isStopped || chain.head === undefined) return
    if (chain.head.number !== told) {
      told = chain.head.number
      log?.info({ ...chain.head }, 'the end of the audit chain')
    }
    const own = chain.head.chain
    // Two gateways that have nothing to do but witness would name each other for ever.
    const grown = (await unnamedHeads(database)).filter(({ head, isWitness }) => head.chain !== own && !isWitness)
    for (let from = 0; from < grown.length && !isStopped; from += MOST_IN_ENTRY) {
      await chain.witness(grown.slice(from, from + MOST_IN_ENTRY).map(({ head }) => head))
    }
  }
  const looked = () => {
    looking = looking.then(look).catch((error: unknown) => {
      if (!isStopped) log?.warn({ err: error }, 'the audit chains could not be looked at')
    })
  }
  const timer = setInterval(looked, everyMs).unref()
  return {
    look: looked,
    // An index that is being built can take minutes, and the chain has to be sealed before.
    async stop() {
      isStopped = true
      clearInterval(timer)
    },
  }
}
