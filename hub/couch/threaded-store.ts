import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { PlainError } from '../../runtime/plain-error'
import type { EmbeddedStore } from './embedded-store'

/** What goes to the thread: plain values, for nothing else does. */
export interface StoreOptions {
  readonly folder: string
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly username: string
  readonly password: string
  readonly logLevel: string
}

export type FromStore =
  | { readonly kind: 'ready'; readonly url: string }
  /** It can not start, and a person can do something about it. */
  | { readonly kind: 'refused'; readonly reason: string }

/** Also where the sources run as they are: a thread runs what was built. */
const THREAD = __filename.endsWith('.ts')
  ? join(__dirname, '../../dist/hub/couch/store-thread.js')
  : join(__dirname, 'store-thread.js')

/**
 * The embedded store in a thread of its own, so that it and the gateway each have a processor: reading a record takes the
 * store some twenty milliseconds, in which the gateway answers others. A fault in it ends the program, as one of the gateway's does.
 */
export async function startThreadedStore(options: StoreOptions): Promise<EmbeddedStore> {
  const thread = new Worker(THREAD, { workerData: options })
  const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()))
  const url = await new Promise<string>((ready, failed) => {
    thread.once('error', failed)
    thread.once('exit', () => failed(new Error('the store ended before it was ready')))
    thread.once('message', (message: FromStore) => {
      if (message.kind === 'ready') ready(message.url)
      else failed(new PlainError(message.reason))
    })
  })
  let isStopping = false
  thread.on('error', (error) => {
    throw error
  })
  thread.once('exit', () => {
    if (!isStopping) throw new Error('the store has ended')
  })
  return {
    url,
    async stop() {
      if (!isStopping) thread.postMessage('stop')
      isStopping = true
      await ended
    },
  }
}
