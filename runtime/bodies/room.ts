import { BodyError } from './body-error'

/** Room that somebody holds. It may grow while a body arrives whose length nobody has said, and is given back once. */
export interface Held {
  grow(bytes: number): void
  giveBack(): void
}

/**
 * How much of the memory may be taken up by bodies that are under way. Whoever comes when there is none left is told so
 * before anything of his is read: what was begun before is finished, and nothing grows until the process falls over.
 */
export class Room {
  #heldBytes = 0
  readonly #ofOne = new Map<string, number>()

  /** @param bytesOfOne  whoever says that much will come, and sends it as slowly as he may, leaves room for others */
  constructor(
    private readonly bytes: number,
    private readonly bytesOfOne: number,
  ) {}

  /** Throws BodyError `room.full`. */
  take(bytes: number, whose: string): Held {
    this.#add(bytes, whose)
    let held = bytes
    return {
      grow: (more) => {
        this.#add(more, whose)
        held += more
      },
      giveBack: () => {
        this.#change(-held, whose)
        held = 0
      },
    }
  }

  #add(bytes: number, whose: string): void {
    const own = this.#ofOne.get(whose) ?? 0
    if (this.#heldBytes + bytes > this.bytes || own + bytes > this.bytesOfOne) throw new BodyError('room.full')
    this.#change(bytes, whose)
  }

  #change(bytes: number, whose: string): void {
    this.#heldBytes += bytes
    const own = (this.#ofOne.get(whose) ?? 0) + bytes
    if (own > 0) this.#ofOne.set(whose, own)
    else this.#ofOne.delete(whose)
  }
}
