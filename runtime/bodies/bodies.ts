import type { IncomingMessage } from 'node:http'
import { Turns } from '../turns'
import { type JsonLimits, parseJson } from './parse-json'
import { receiveBody } from './receive'
import { Room } from './room'
import { unpacked } from './unpack'

export interface BodyLimits extends JsonLimits {
  /** Of one body, as it was sent and unpacked. */
  readonly mostBytes: number
  /** Bytes of all bodies that are under way, as they were sent. */
  readonly roomBytes: number
  /** … and of those of one caller. */
  readonly roomOfOneBytes: number
  /** How many may be unpacked and worked on at once; the others wait as they were sent, which is much smaller. */
  readonly atOnce: number
  /** What unpacks to more than this is worked on alone: parsed, text takes several times its bytes. */
  readonly largeBytes: number
  readonly mostRatio: number
  readonly ratioFromBytes: number
}

/** Large bodies from many callers at once, within a memory that is known beforehand. */
export class Bodies {
  readonly #room: Room
  readonly #turns: Turns
  readonly #largeTurns = new Turns(1)

  constructor(private readonly limits: BodyLimits) {
    this.#room = new Room(limits.roomBytes, limits.roomOfOneBytes)
    this.#turns = new Turns(limits.atOnce)
  }

  /**
   * Reads a body of JSON and hands it to `use`; room and turn are given back when that is done. Throws BodyError, and
   * what `use` throws.
   *
   * @param whose  each of these gets a turn after the other, and has a share of the room
   */
  async json<T>(request: IncomingMessage, whose: string, use: (value: unknown) => Promise<T>): Promise<T> {
    const { mostBytes } = this.limits
    const { bytes, held } = await receiveBody(request, { mostBytes, room: this.#room, whose })
    try {
      return await this.#turns.take(whose, async () => {
        const encoding = request.headers['content-encoding']
        const text = await unpacked(bytes, encoding, this.limits)
        const work = () => use(parseJson(text, this.limits))
        return text.length > this.limits.largeBytes ? this.#largeTurns.take(whose, work) : work()
      })
    } finally {
      held.giveBack()
    }
  }
}
