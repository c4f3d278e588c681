import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { AbstractBatchOperation, AbstractPutOptions, AbstractSublevel } from 'abstract-level'
import { ClassicLevel } from 'classic-level'
import type { RawEntries } from './raw-entries'

type Level = ClassicLevel<string, unknown>

/** A named part of the state: text keys, JSON values. */
export type StatePart<V> = AbstractSublevel<Level, string | Buffer | Uint8Array, string, V>

/** A put or a del; `sublevel` names the part. */
export type StateChange = AbstractBatchOperation<Level, string, unknown>

/**
 * classic-level's own option, which abstract-level's types don't know: the write is on the disk when it is answered. For
 * what somebody was told and can't be worked out again.
 */
export const ON_DISK: AbstractPutOptions<string, unknown> & { sync: true } = { sync: true }

/**
 * What the edge remembers beside the records: counters, lists, queues and the search index. A LevelDB of its own, so
 * that losing it loses no record.
 */
export class EdgeState {
  private constructor(readonly level: Level) {}

  static async open(dataFolder: string): Promise<EdgeState> {
    await mkdir(dataFolder, { recursive: true, mode: 0o700 })
    const level = new ClassicLevel<string, unknown>(join(dataFolder, 'state'), { valueEncoding: 'json' })
    await level.open()
    return new EdgeState(level)
  }

  part<V>(name: string): StatePart<V> {
    return this.level.sublevel<string, V>(name, { valueEncoding: 'json' })
  }

  /** A part whose values are short texts, for lists that are walked through. */
  texts(name: string): StatePart<string> {
    return this.level.sublevel<string, string>(name, { valueEncoding: 'utf8' })
  }

  /** For a backup. */
  rawEntries(): RawEntries {
    const iterator = this.level.iterator<Buffer, Buffer>({ keyEncoding: 'buffer', valueEncoding: 'buffer' })
    return {
      async *[Symbol.asyncIterator]() {
        for (let entry = await iterator.next(); entry; entry = await iterator.next()) yield entry
      },
      close: () => iterator.close(),
    }
  }

  stop(): Promise<void> {
    return this.level.close()
  }
}
