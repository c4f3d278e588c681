/** leveldown 6 carries no types; this is the part of abstract-leveldown that is used here. */
declare module 'leveldown' {
  function leveldown(location: string): leveldown.LevelDown

  namespace leveldown {
    type Callback = (error?: Error | null) => void
    type WriteOptions = Readonly<Record<string, unknown>>

    interface ChainedBatch {
      _write(options: WriteOptions, callback: Callback): void
    }

    interface Iterator {
      next(callback: (error: Error | null | undefined, key?: Buffer, value?: Buffer) => void): void
      end(callback: Callback): void
    }

    /** The underscored methods are abstract-leveldown's for implementers: called once the arguments are in order. */
    interface LevelDown {
      _put(key: unknown, value: unknown, options: WriteOptions, callback: Callback): void
      _del(key: unknown, options: WriteOptions, callback: Callback): void
      _batch(operations: unknown[], options: WriteOptions, callback: Callback): void
      _chainedBatch(): ChainedBatch
      iterator(options: { keyAsBuffer: true; valueAsBuffer: true }): Iterator
    }

    function destroy(location: string, callback: Callback): void
    function repair(location: string, callback: Callback): void
  }

  export = leveldown
}
