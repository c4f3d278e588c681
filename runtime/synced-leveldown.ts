import leveldown, { type LevelDown, type WriteOptions } from 'leveldown'

/**
 * LevelDB whose every write is on the disk (fdatasync) before it is answered (law 3). For PouchDB's option `db`:
 *
 *     const Durable = PouchDB.defaults({ adapter: 'leveldb', db: syncedLevelDown, prefix: `${folder}/` })
 *
 * LevelDB answers once the operating system has the bytes, unless a write says `sync: true`. PouchDB's adapter never
 * says it and has no option for it, so it is said here, below everything that PouchDB writes: documents, `_local`
 * documents, attachments and views.
 */
export function syncedLevelDown(location: string): LevelDown {
  const store = leveldown(location)
  const { _put, _del, _batch, _chainedBatch } = store
  store._put = (key, value, options, callback) => _put.call(store, key, value, synced(options), callback)
  store._del = (key, options, callback) => _del.call(store, key, synced(options), callback)
  store._batch = (operations, options, callback) => _batch.call(store, operations, synced(options), callback)
  store._chainedBatch = () => {
    const batch = _chainedBatch.call(store)
    const { _write } = batch
    batch._write = (options, callback) => _write.call(batch, synced(options), callback)
    return batch
  }
  return store
}

// PouchDB looks for these on the factory when it destroys a database.
syncedLevelDown.destroy = leveldown.destroy
syncedLevelDown.repair = leveldown.repair

function synced(options: WriteOptions): WriteOptions {
  return { ...options, sync: true }
}
