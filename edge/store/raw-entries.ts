import type { LevelDown } from 'leveldown'

/** A key and a value as LevelDB has them. */
export type RawEntry = readonly [key: Buffer, value: Buffer]

/** All that a LevelDB holds, as it was when this was made, whatever is written meanwhile. Must be closed, read or not. */
export interface RawEntries extends AsyncIterable<RawEntry> {
  close(): Promise<void>
}

/** The iterator is made at once, and with it LevelDB's snapshot. */
export function rawEntriesOf(level: LevelDown): RawEntries {
  const iterator = level.iterator({ keyAsBuffer: true, valueAsBuffer: true })
  const next = () =>
    new Promise<RawEntry | undefined>((resolve, reject) => {
      iterator.next((error, key, value) => (error ? reject(error) : resolve(key && value && [key, value])))
    })
  let closing: Promise<void> | undefined
  return {
    async *[Symbol.asyncIterator]() {
      for (let entry = await next(); entry; entry = await next()) yield entry
    },
    close: () => {
      closing ??= new Promise((resolve) => iterator.end(() => resolve()))
      return closing
    },
  }
}
