import { parentPort, workerData } from 'node:worker_threads'
import { createLog } from '../../runtime/log'
import { PlainError } from '../../runtime/plain-error'
import { Secret } from '../../runtime/settings'
import { startEmbeddedStore } from './embedded-store'
import type { FromStore, StoreOptions } from './threaded-store'

/** What `threaded-store.ts` runs beside the gateway: the embedded store, until it is told to stop. */
async function run(): Promise<void> {
  const { folder, host, port, logLevel, ...admin } = workerData as StoreOptions
  const log = createLog('hub', logLevel).child({ part: 'store' })
  const store = await startEmbeddedStore({
    folder,
    host,
    port,
    admin: { username: admin.username, password: new Secret(admin.password) },
    log,
  })
  parentPort?.once('message', () => {
    // What is thrown here ends the thread, and so the program, with its reason in the log.
    void store.stop().then(() => process.exit(0))
  })
  tell({ kind: 'ready', url: store.url })
}

function tell(message: FromStore): void {
  parentPort?.postMessage(message)
}

run().catch((error: unknown) => {
  if (!(error instanceof PlainError)) throw error
  tell({ kind: 'refused', reason: error.message })
})
