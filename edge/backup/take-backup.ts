import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { RawEntries } from '../store/raw-entries'
import { type Entry, encoded } from './entries'
import { SealStream } from './sealed-stream'

/** What there is to keep. */
export interface BackupSource {
  readonly ehr: () => RawEntries
  readonly state: () => RawEntries
  /** Small files beside the databases, as they are now. */
  readonly files: () => Promise<readonly (readonly [name: string, content: Buffer])[]>
  /** Versions of records that there are. */
  readonly total: () => Promise<number>
}

/** PouchDB's own name for where each version of a record stands. */
const VERSION_KEY = Buffer.from('ÿby-sequenceÿ')
/** As sublevels begin their keys: whoever was signed in has to sign in again. */
const SESSION_KEY = Buffer.from('!sessions!')
/** Sticks are slow and processors, too: what this leaves is not worth three times the time. */
const LEVEL = 1

/**
 * All of a facility's data as one stream, as they are at one moment, while work goes on.
 *
 * @param onVersion called for each version of a record that goes into it
 */
export function takeBackup(
  source: BackupSource,
  { bytes, sum, key }: { bytes: Buffer; sum: Buffer; key: Buffer },
  onVersion: () => void,
): Readable {
  const sealed = new SealStream(key, sum, bytes)
  const entries = Readable.from(encoded(entriesOf(source, onVersion)), { objectMode: false })
  // A failure anywhere is a failure of what is read in the end.
  pipeline(entries, createGzip({ level: LEVEL }), sealed, () => undefined)
  return sealed
}

/**
 * Both snapshots are made in one turn of the event loop. So whatever was written to one database because of something in the
 * other finds that in its own snapshot: no checkpoint passes a refused document that the list lacks, and no index is ahead.
 */
async function* entriesOf(source: BackupSource, onVersion: () => void): AsyncGenerator<Entry> {
  const [ehr, state] = [source.ehr(), source.state()]
  try {
    for (const [name, value] of await source.files()) yield { kind: 'file', key: Buffer.from(name), value }
    for await (const [key, value] of state) {
      if (!begins(key, SESSION_KEY)) yield { kind: 'state', key, value }
    }
    for await (const [key, value] of ehr) {
      if (begins(key, VERSION_KEY)) onVersion()
      yield { kind: 'ehr', key, value }
    }
  } finally {
    await Promise.all([ehr.close(), state.close()])
  }
}

function begins(key: Buffer, prefix: Buffer): boolean {
  return key.subarray(0, prefix.length).equals(prefix)
}
