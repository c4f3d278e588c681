import { CodedError } from '../../protocol/error-codes'
import type { Draft, DraftRequest } from '../../schemas/generated/types'
import { ON_DISK, type StatePart } from '../store/state'

/** Of all people together: far more than are at work at once. */
export const MOST_DRAFTS = 1_000
/** Who has not come back to a form by then does not; what the form was about has been written on paper or told anew. */
export const DRAFT_DAYS = 30

/** Who has typed nothing for so long is not at it now. */
const AT_WORK_MS = 30 * 60_000
const DAY_MS = 24 * 60 * 60_000

/** What people have typed into forms and not saved yet. Each belongs to one person, and nobody else sees it. */
export class KeptDrafts {
  private constructor(
    private readonly part: StatePart<Draft>,
    /** When each was saved, by its key. */
    private readonly savedAt: Map<string, string>,
    private readonly now: () => Date,
    private readonly most: number,
  ) {}

  static async open(part: StatePart<Draft>, now: () => Date, most = MOST_DRAFTS): Promise<KeptDrafts> {
    const savedAt = new Map<string, string>()
    for await (const [key, draft] of part.iterator()) savedAt.set(key, draft.savedAt)
    const kept = new KeptDrafts(part, savedAt, now, most)
    await kept.#forgetOld()
    return kept
  }

  async get(owner: string, id: string): Promise<Draft | undefined> {
    const key = keyOf(owner, id)
    return this.#isOld(this.savedAt.get(key)) ? undefined : this.part.get(key)
  }

  /**
   * On the disk when it is answered. Throws EDIT_CONFLICT where another form has kept something that this one has not
   * seen, and TOO_MANY_DRAFTS.
   */
  async keep(owner: string, id: string, { content, writer, sequence, basedOn }: DraftRequest): Promise<Draft> {
    const key = keyOf(owner, id)
    const before = await this.get(owner, id)
    if (before?.writer === writer && before.sequence >= sequence) return before
    if (before && before.writer !== writer && before.savedAt !== basedOn)
      throw new CodedError('EDIT_CONFLICT', 'The same form is open in another window, which has kept something since.')
    if (!this.savedAt.has(key)) await this.#makeRoom()
    const draft: Draft = { id, savedAt: this.now().toISOString(), content, writer, sequence }
    const earlier = this.savedAt.get(key)
    this.savedAt.set(key, draft.savedAt)
    try {
      await this.part.put(key, draft, ON_DISK)
    } catch (error) {
      if (earlier === undefined) this.savedAt.delete(key)
      throw error
    }
    return draft
  }

  /** Who else is at the same form now. What they have typed stays theirs. */
  othersAt(owner: string, id: string): string[] {
    const since = this.now().getTime() - AT_WORK_MS
    return [...this.savedAt].flatMap(([key, savedAt]) => {
      const [other = '', form] = key.split(' ')
      return form === id && other !== owner && Date.parse(savedAt) > since ? [other] : []
    })
  }

  /** On the disk when it is answered; where there is none, there is none afterwards. */
  async discard(owner: string, id: string): Promise<void> {
    const key = keyOf(owner, id)
    await this.part.del(key, ON_DISK)
    this.savedAt.delete(key)
  }

  /** A draft that may still be wanted is never put out for another. */
  async #makeRoom(): Promise<void> {
    if (this.savedAt.size < this.most) return
    await this.#forgetOld()
    if (this.savedAt.size >= this.most)
      throw new CodedError('TOO_MANY_DRAFTS', `${this.most} unfinished forms are kept; finish or discard some.`)
  }

  async #forgetOld(): Promise<void> {
    const old = [...this.savedAt].flatMap(([key, savedAt]) => (this.#isOld(savedAt) ? [key] : []))
    await this.part.batch(old.map((key) => ({ type: 'del', key })))
    for (const key of old) this.savedAt.delete(key)
  }

  #isOld(savedAt: string | undefined): boolean {
    return savedAt !== undefined && this.now().getTime() - Date.parse(savedAt) > DRAFT_DAYS * DAY_MS
  }
}

/** Neither holds a space. */
function keyOf(owner: string, id: string): string {
  return `${owner} ${id}`
}
