import { randomBytes } from 'node:crypto'
import { CodedError } from '../../protocol/error-codes'
import { hashOfSecret, isSameSecret } from '../../runtime/same-secret'
import type { AppTokenMade, AppTokenRequest, AppTokenSummary } from '../../schemas/generated/types'
import { ON_DISK, type StatePart } from '../store/state'

/** The token itself is nowhere; it has 256 random bits, so a fast hash is enough. */
export type KeptToken = AppTokenSummary & { hash: string }

const TOKEN = /^lontar_([0-9A-Z]{26})_[A-Za-z0-9_-]{43}$/
/** Of other systems at one facility. Those that were revoked are kept as long as there is room. */
export const MOST_TOKENS = 200
const NOTED_EVERY_MS = 60 * 60_000

/** What other systems on the facility's network show instead of a session. */
export class Tokens {
  private constructor(
    private readonly part: StatePart<KeptToken>,
    private readonly kept: Map<string, KeptToken>,
    private readonly newId: () => string,
    private readonly now: () => Date,
  ) {}

  static async open(part: StatePart<KeptToken>, newId: () => string, now: () => Date): Promise<Tokens> {
    return new Tokens(part, new Map(await part.iterator().all()), newId, now)
  }

  /** Newest first. */
  all(): AppTokenSummary[] {
    return [...this.kept.values()].map(({ hash: _, ...summary }) => summary).sort((a, b) => (a.id < b.id ? 1 : -1))
  }

  /** Throws TOO_MANY_PEOPLE where as many are in use. */
  async make({ name, role }: AppTokenRequest, createdBy: string): Promise<AppTokenMade> {
    if (this.kept.size >= MOST_TOKENS) await this.#forgetOne()
    const id = this.newId()
    const token = `lontar_${id}_${randomBytes(32).toString('base64url')}`
    const createdAt = this.now().toISOString()
    await this.#keep({ id, name: name.trim(), role, createdAt, createdBy, hash: hashOfSecret(token) })
    return { id, token }
  }

  /** Undefined where it is none, or was revoked. */
  of(token: string): AppTokenSummary | undefined {
    const [, id = ''] = TOKEN.exec(token) ?? []
    const known = this.kept.get(id)
    if (!known || known.revokedAt !== undefined || !isSameSecret(hashOfSecret(token), known.hash)) return undefined
    return known
  }

  async used(id: string): Promise<void> {
    const known = this.kept.get(id)
    const now = this.now()
    if (!known || now.getTime() - Date.parse(known.lastUsedAt ?? known.createdAt) < NOTED_EVERY_MS) return
    await this.#keep({ ...known, lastUsedAt: now.toISOString() })
  }

  /** Takes effect with the next request. Throws TOKEN_UNKNOWN. */
  async revoke(id: string): Promise<void> {
    const known = this.kept.get(id)
    if (!known) throw new CodedError('TOKEN_UNKNOWN', 'No token has this id.')
    if (known.revokedAt === undefined) await this.#keep({ ...known, revokedAt: this.now().toISOString() })
  }

  /** That which was revoked first. */
  async #forgetOne(): Promise<void> {
    const [oldest] = [...this.kept.values()]
      .filter(({ revokedAt }) => revokedAt !== undefined)
      .sort((a, b) => ((a.revokedAt ?? '') < (b.revokedAt ?? '') ? -1 : 1))
    if (!oldest) throw new CodedError('TOO_MANY_PEOPLE', 'There are too many tokens.')
    await this.part.del(oldest.id, ON_DISK)
    this.kept.delete(oldest.id)
  }

  async #keep(token: KeptToken): Promise<void> {
    await this.part.put(token.id, token, ON_DISK)
    this.kept.set(token.id, token)
  }
}
