import type { ErrorCode } from '../../protocol/error-codes'
import type { Log } from '../../runtime/log'
import type { AuditEntry } from '../../schemas/generated/types'
import type { Account } from './accounts'
import type { Credentials } from './credentials'

export type SignInEntry = Pick<
  AuditEntry,
  'kind' | 'action' | 'outcome' | 'operator' | 'account' | 'address' | 'reason' | 'code'
>

export interface SignInRecordParts {
  /** Resolves once it is on the disk. */
  readonly write: (entry: SignInEntry) => Promise<void>
  /** Whoever has no password could fill the disk with refusals: whether another is written now. */
  readonly limit: { admits(now: Date): boolean; takeLeftOut(): number }
  readonly log: Pick<Log, 'warn'>
  /** For the metrics. */
  readonly count: (outcome: 'allowed' | 'refused') => void
  readonly now: () => Date
}

type From = Pick<Credentials, 'address' | 'via'>

/** What the audit has of signing in. A name that nobody has is not written down: it may be a password in the wrong field. */
export class SignInRecord {
  constructor(private readonly parts: SignInRecordParts) {}

  /** Throws where it can't be written, and then nobody is let in (law 6). */
  async allowed({ address, via }: From, { name }: Account): Promise<void> {
    await this.parts.write({ ...entryOf(address, via), outcome: 'allowed', operator: name })
    this.parts.count('allowed')
  }

  async refused({ address, via }: From, account: Account | undefined, code: ErrorCode): Promise<void> {
    const { limit, log, now, count } = this.parts
    count('refused')
    if (!limit.admits(now())) return
    const leftOut = limit.takeLeftOut()
    if (leftOut > 0) log.warn({ leftOut }, 'refused sign-ins that the audit does not have')
    await this.#try({ ...entryOf(address, via), outcome: 'refused', code, ...(account && { operator: account.name }) })
  }

  /** A wait began: for this name from this address, or for one of them. */
  async locked({ address }: From, account: Account | undefined, until: Date): Promise<void> {
    const reason = `Too many wrong tries: nothing is tried until ${until.toISOString()}.`
    const whose = account && { account: account.name }
    await this.#try({ kind: 'sign-in', action: 'lock', outcome: 'refused', code: 'LOCKED', address, reason, ...whose })
  }

  async signedOut(address: string, name: string): Promise<void> {
    await this.parts.write({ kind: 'sign-in', action: 'sign-out', outcome: 'allowed', operator: name, address })
  }

  /** Nothing more can be stopped: the caller is told all the same, and the audit's writer has logged the gap. */
  async #try(entry: SignInEntry): Promise<void> {
    await this.parts.write(entry).catch(() => undefined)
  }
}

function entryOf(address: string, via: Credentials['via']) {
  return { kind: 'sign-in', action: 'sign-in', address, reason: WORDS[via] } as const
}

const WORDS = { basic: 'By Basic.', session: 'For a session.', confirmation: 'To confirm a change.' } as const
