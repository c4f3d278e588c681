import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CodedError } from '../../protocol/error-codes'
import { pause } from '../../runtime/back-off'
import type { Log } from '../../runtime/log'
import type { Stoppable } from '../../runtime/service'

/** Opening LevelDB writes what its log holds into tables; with less room than this it may fail again. */
const ROOM_BYTES = 16 * 1024 * 1024
const TRY_EVERY_MS = 5_000

/**
 * After one write that the disk did not take (it is full, or was unplugged) LevelDB takes none until it is opened anew, also
 * when there is room again: https://github.com/google/leveldb/blob/1.20/db/db_impl.cc, `RecordBackgroundError`. Reading
 * goes on. So from the first such failure a file beside the databases is written until that works.
 */
export class DiskWatch implements Stoppable {
  readonly #stopper = new AbortController()
  #watching: Promise<void> | undefined

  constructor(
    private readonly options: {
      folder: string
      /** The disk takes writes again, and everything has to be opened anew. */
      onBack: () => void
      log: Log
      tryEveryMs?: number
    },
  ) {}

  /** The error that a caller is told: a failure of the disk in words, any other as it is. */
  explained(error: unknown): unknown {
    if (!isDiskFailure(error)) return error
    if (!this.#watching) {
      this.options.log.error({ err: error }, 'the disk takes no writes: make room on it, or see whether it is broken')
      this.#watching = this.#watch()
    }
    return unavailable()
  }

  /** For what works by itself and has no caller to tell. */
  notice(error: unknown): void {
    this.explained(error)
  }

  /** For people, from a failure on. */
  get attention(): string | undefined {
    return this.#watching && SENTENCE
  }

  /** Throws DATABASE_UNAVAILABLE from a failure on. */
  refuseIfFailed(): void {
    if (this.#watching) throw unavailable()
  }

  async stop(): Promise<void> {
    this.#stopper.abort()
    await this.#watching
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopper
    const { folder, onBack, log, tryEveryMs = TRY_EVERY_MS } = this.options
    for (;;) {
      await pause(tryEveryMs, signal)
      if (signal.aborted) return
      if (!(await takesWrites(join(folder, 'room.draft')))) continue
      log.warn('the disk takes writes again; the databases are opened anew')
      onBack()
      return
    }
  }
}

async function takesWrites(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'w', 0o600)
    try {
      await file.writeFile(Buffer.alloc(ROOM_BYTES, 1))
      await file.sync()
    } finally {
      await file.close()
    }
    return true
  } catch {
    return false
  } finally {
    await rm(path, { force: true }).catch(() => undefined)
  }
}

const CODES: ReadonlySet<unknown> = new Set(['LEVEL_IO_ERROR', 'ENOSPC', 'EDQUOT', 'EROFS', 'EIO'])

/** LevelDB's own words, through leveldown (a message alone) and classic-level (a code); those of the file system. */
function isDiskFailure(error: unknown): boolean {
  if (!(typeof error === 'object' && error !== null && 'message' in error)) return false
  if ('code' in error && CODES.has(error.code)) return true
  if (String(error.message).startsWith('IO error:')) return true
  return 'cause' in error && isDiskFailure(error.cause)
}

const SENTENCE = 'The disk of this computer takes no writes; it may be full.'

function unavailable(): CodedError {
  return new CodedError('DATABASE_UNAVAILABLE', SENTENCE)
}
