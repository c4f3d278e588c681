import type { Socket } from 'node:net'
import { buildConnector } from 'undici'

/** A connection that is kept, and the answer that it brings slowly, are counted while they last. */
const LOOK_EVERY_MS = 60_000

/** Counts what passes over the connections that it opens: both directions, headers too, as handed to the operating system or to TLS. */
export class WireCount {
  readonly #counted = new Map<Socket, number>()

  /**
   * @param onBytes  told of what passed since it was last told
   * @param base  of each connection, such as whom it trusts
   */
  constructor(
    private readonly onBytes: (bytes: number) => void,
    private readonly base: buildConnector.BuildOptions = {},
  ) {}

  /** In place of undici's own `buildConnector`. */
  readonly connector = (options?: buildConnector.BuildOptions): buildConnector.connector => {
    const connect = buildConnector({ ...this.base, ...options })
    return (target, callback) =>
      connect(target, (...result: buildConnector.CallbackArgs) => {
        const [, socket] = result
        if (socket) {
          this.#counted.set(socket, 0)
          const looking = setInterval(() => this.#tell(socket), LOOK_EVERY_MS).unref()
          socket.once('close', () => {
            clearInterval(looking)
            this.#tell(socket)
            this.#counted.delete(socket)
          })
        }
        callback(...result)
      })
  }

  /** Tells of what passed up to now. */
  look(): void {
    for (const socket of this.#counted.keys()) this.#tell(socket)
  }

  #tell(socket: Socket): void {
    const passed = socket.bytesRead + socket.bytesWritten
    const before = this.#counted.get(socket) ?? passed
    this.#counted.set(socket, passed)
    if (passed > before) this.onBytes(passed - before)
  }
}
