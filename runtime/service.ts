import type { Log } from './log'

/** Anything that is stopped: a server, a database, a loop. */
export interface Stoppable {
  stop(): Promise<void>
}

/** A stop that takes longer than this is ended. */
const STOP_MS = 10_000

/**
 * What a program has started, stopped in the opposite order. `stop` may be called twice and while starting still goes on.
 */
export class Service implements Stoppable {
  readonly #parts: Stoppable[] = []
  readonly #aborter = new AbortController()
  #stopping: Promise<void> | undefined

  constructor(readonly log: Log) {}

  /** Aborts when the service begins to stop; every wait takes it. */
  get signal(): AbortSignal {
    return this.#aborter.signal
  }

  async started<T extends Stoppable>(part: T | Promise<T>): Promise<T> {
    const running = await part
    if (this.#stopping) {
      await running.stop()
      throw new Error('stopped while starting')
    }
    this.#parts.push(running)
    return running
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    this.#aborter.abort()
    for (const part of this.#parts.reverse()) {
      try {
        await part.stop()
      } catch (error) {
        this.log.error({ err: error }, 'a part did not stop cleanly')
      }
    }
  }
}

/**
 * Runs a program until SIGTERM or SIGINT. A second signal, or a stop that hangs, ends it at once. A fault that nobody
 * caught is logged and ends the process with status 1: its state is unknown, and a restart loses nothing. `startAnew` stops
 * everything and starts it again, in the same process.
 */
export async function runUntilSignal(
  log: Log,
  start: (service: Service, startAnew: () => void) => Promise<void>,
): Promise<void> {
  let service = new Service(log)
  let isEnding = false
  const end = (signal: NodeJS.Signals) => {
    if (isEnding) process.exit(1)
    isEnding = true
    log.info({ signal }, 'stopping')
    setTimeout(() => process.exit(1), STOP_MS).unref()
    void service.stop().then(() => process.exit(0))
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'a fault that nobody caught')
    process.exit(1)
  })
  while (!isEnding) {
    try {
      await new Promise<void>((startAnew, failed) => start(service, startAnew).catch(failed))
    } catch (error) {
      if (isEnding) return
      await service.stop()
      throw error
    }
    await service.stop()
    if (!isEnding) service = new Service(log)
  }
}
