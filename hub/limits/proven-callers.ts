import { createHash } from 'node:crypto'
import type { Request } from 'express'
import { NODE_NAME, SIGNATURE_INPUT } from '../../protocol/headers'
import { addressKey } from './address-key'
import { isPostTo } from './is-post-to'

/** Longer than an edge's wait between two questions. */
const PROVEN_MS = 60 * 60_000
const MOST = 10_000

type Asked = Pick<Request, 'headers' | 'ip' | 'method' | 'path'>

/**
 * Who was let in from an address lately, by the very credentials that he sends again: somebody who guesses at the same address,
 * which behind a provider's NAT is that of many facilities, does not hold him up. A signature is another one each time; of a node
 * that has shown its password at the address, none is held up, for nobody guesses 256 bits.
 *
 * Nothing is kept of credentials but hashes, and nothing of them lets anybody in: they are looked at all the same.
 */
export class ProvenCallers {
  readonly #until = new Map<string, number>()

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** @param nodeName  where it is a facility that was let in */
  add(request: Asked, nodeName?: string): void {
    const { authorization, cookie } = request.headers
    this.#remember(keyOf(request, authorization ?? cookie ?? ''))
    if (nodeName !== undefined) this.#remember(keyOf(request, signerNamed(nodeName)))
  }

  has(request: Asked): boolean {
    // What is guessed there is in the body, whatever stands in the headers.
    if (isPostTo('/operator/session', request)) return false
    const { authorization, cookie } = request.headers
    const shown = authorization ?? cookie ?? signerNamed(claimedNode(request))
    return (this.#until.get(keyOf(request, shown)) ?? Number.NEGATIVE_INFINITY) > this.nowMs()
  }

  #remember(key: string): void {
    if (this.#until.size >= MOST && !this.#until.has(key)) this.#until.clear()
    this.#until.set(key, this.nowMs() + PROVEN_MS)
  }
}

function keyOf({ ip }: Asked, shown: string): string {
  return createHash('sha256')
    .update(`${addressKey(ip)}\n${shown}`)
    .digest('base64')
}

function signerNamed(nodeName: string): string {
  return `signer\n${nodeName}`
}

/** Whom a signed import says that it is from. */
function claimedNode({ headers }: Asked): string {
  const [input, name] = [SIGNATURE_INPUT, NODE_NAME].map((header) => String(headers[header.toLowerCase()] ?? ''))
  return /;keyid="([^"]*)"/.exec(input ?? '')?.[1] ?? name ?? ''
}
