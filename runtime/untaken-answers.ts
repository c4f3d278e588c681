import type { ServerResponse } from 'node:http'
import { Room } from './bodies/room'
import { isOver, onceOver } from './once-over'

/** So long an answer may be on its way: 3.6 MB over a line of 2 kB/s. */
export const MOST_TAKING_MS = 30 * 60_000

export interface AnswerLimits {
  /** Of all answers that are on their way. */
  readonly roomBytes: number
  /** … and of those to one caller. */
  readonly roomOfOneBytes: number
  readonly takingMs?: number
}

/**
 * Answers that somebody has asked for and not taken yet. They are in this process' memory until the other end has them: whoever asks for
 * large ones on many connections and reads none of them would fill it.
 */
export class UntakenAnswers {
  readonly #room: Room
  readonly #takingMs: number

  constructor({ roomBytes, roomOfOneBytes, takingMs = MOST_TAKING_MS }: AnswerLimits) {
    this.#room = new Room(roomBytes, roomOfOneBytes)
    this.#takingMs = takingMs
  }

  /** Before an answer is sent. Throws BodyError `room.full`. */
  hold(text: string, whose: string, response: ServerResponse): void {
    if (isOver(response)) return
    const held = this.#room.take(Buffer.byteLength(text), whose)
    onceOver(response, held.giveBack)
    cutOffAfter(this.#takingMs, response)
  }
}

/** Closes the connection of whoever has not taken his answer by then. */
export function cutOffAfter(ms: number, response: ServerResponse): void {
  if (isOver(response)) return
  // Of the request: an answer that waits for its turn on the connection has none.
  const cutOff = setTimeout(() => response.req.socket.destroy(), ms)
  onceOver(response, () => clearTimeout(cutOff))
}
