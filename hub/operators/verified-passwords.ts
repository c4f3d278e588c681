import { createHmac, randomBytes } from 'node:crypto'

/** A password that was right is right for so long, while the account's stamp is the same. */
const FRESH_MS = 60_000
const MOST = 1_000

/**
 * Passwords that were right lately, so that a program which sends its own with each request does not cost a slow hash each
 * time. It holds no password: hashes under a key that nobody has but this process.
 */
export class VerifiedPasswords {
  readonly #key = randomBytes(32)
  readonly #until = new Map<string, number>()
  readonly #underWay = new Map<string, Promise<void>>()

  constructor(private readonly nowMs: () => number) {}

  /** Does nothing where the same was right lately; requests that come together wait for one `verify`. */
  async unlessKnown(parts: readonly string[], verify: () => Promise<void>): Promise<void> {
    const key = createHmac('sha256', this.#key).update(JSON.stringify(parts)).digest('base64')
    if ((this.#until.get(key) ?? Number.NEGATIVE_INFINITY) > this.nowMs()) return
    const underWay = this.#underWay.get(key)
    if (underWay) return underWay
    const verifying = verify()
    this.#underWay.set(key, verifying)
    try {
      await verifying
    } finally {
      this.#underWay.delete(key)
    }
    if (this.#until.size >= MOST) this.#until.clear()
    this.#until.set(key, this.nowMs() + FRESH_MS)
  }
}
