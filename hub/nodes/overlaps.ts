import { pause } from '../../runtime/back-off'
import type { Log } from '../../runtime/log'
import type { Stoppable } from '../../runtime/service'

/** The gateways refuse an old password in time by themselves, so this may be late. */
const LOOK_EVERY_MS = 5 * 60_000

/** Ends overlaps that are over, every few minutes; nothing is remembered from one look to the next (law 9). */
export class Overlaps implements Stoppable {
  readonly #stopper = new AbortController()
  readonly #loop: Promise<void>

  constructor(
    private readonly endOverlaps: () => Promise<void>,
    private readonly log: Pick<Log, 'warn'>,
  ) {
    this.#loop = this.#run()
  }

  async stop(): Promise<void> {
    this.#stopper.abort()
    await this.#loop
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopper
    for (;;) {
      await pause(LOOK_EVERY_MS, signal)
      if (signal.aborted) return
      await this.endOverlaps().catch((error: unknown) => {
        this.log.warn({ err: error }, 'overlaps of credentials could not be ended; it is tried again')
      })
    }
  }
}
