import type { Receipt, ReceiptKey, VerifyResult } from '../../schemas/generated/types'
import { ON_DISK, type StatePart } from '../store/state'
import type { KeptDeletions } from './covered-deletions'

/** What the edge remembers of verifying. */
export interface KeptVerification {
  nextRunAt?: string
  last?: VerifyResult
  /** The newest that was taken. */
  receipt?: Receipt
  /** Seen first, and trusted from then on. */
  key?: Pick<ReceiptKey, 'hubId' | 'publicKey'>
  onlyAtHub?: Record<string, string>
  /** What it was signed for with that key. */
  deletions?: KeptDeletions | undefined
}

const KEY = 'kept'

/** In the edge's own state, on the disk before it counts. */
export class VerificationMemory {
  private constructor(
    private readonly part: StatePart<KeptVerification>,
    private now: KeptVerification,
  ) {}

  static async open(part: StatePart<KeptVerification>): Promise<VerificationMemory> {
    return new VerificationMemory(part, (await part.get(KEY)) ?? {})
  }

  get kept(): KeptVerification {
    return this.now
  }

  async keep(change: Partial<KeptVerification>): Promise<void> {
    const next = { ...this.now, ...change }
    await this.part.put(KEY, next, ON_DISK)
    this.now = next
  }

  async forgetKey(): Promise<void> {
    const { key: _old, deletions: _signed, ...next } = this.now
    await this.part.put(KEY, next, ON_DISK)
    this.now = next
  }
}
