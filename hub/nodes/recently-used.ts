import { createHash } from 'node:crypto'
import type { SecretKind } from './seal'

const USED_MS = 60_000
const MOST = 10_000

/** Secrets of which nothing needs to be written at their next use; it holds their hashes, and forgets after a minute. */
export class RecentlyUsed {
  readonly #nowMs: () => number
  readonly #until = new Map<string, number>()

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  has(kind: SecretKind, nodeName: string, secret: string): boolean {
    const until = this.#until.get(keyOf(kind, nodeName, secret))
    return until !== undefined && this.#nowMs() < until
  }

  add(kind: SecretKind, nodeName: string, secret: string): void {
    if (this.#until.size >= MOST) this.#until.clear()
    this.#until.set(keyOf(kind, nodeName, secret), this.#nowMs() + USED_MS)
  }
}

function keyOf(kind: SecretKind, nodeName: string, secret: string): string {
  return createHash('sha256').update(`${kind}\n${nodeName}\n${secret}`).digest('base64')
}
