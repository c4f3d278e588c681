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

  constructor(private readonly bytes: number) {}

  get heldBytes(): number {
    return this.#heldBytes
  }

  /** Throws BodyError `room.full`. */
  take(bytes: number): Held {
    this.#add(bytes)
    let held = bytes
    return {
      grow: (more) => {
        this.#add(more)
        held += more
      },
      giveBack: () => {
        this.#heldBytes -= held
        held = 0
      },
    }
  }

  #add(bytes: number): void {
    if (this.#heldBytes + bytes > this.bytes) throw new BodyError('room.full')
    this.#heldBytes += bytes
  }
}
