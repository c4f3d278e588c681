import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import { CodedError } from '../../protocol/error-codes'
import type { Log } from '../../runtime/log'
import type { Stoppable } from '../../runtime/service'
import type { BackupHeader, BackupPlace, BackupStatus } from '../../schemas/generated/types'
import { ON_DISK, type StatePart } from '../store/state'
import { makeHeader } from './backup-header'
import { type BackupSource, takeBackup } from './take-backup'
import { outcomeOf, writeBackup } from './write-backup'

export interface BackupAgentOptions {
  readonly facility: BackupHeader['facility']
  readonly source: BackupSource
  readonly places: () => Promise<BackupPlace[]>
  readonly memory: StatePart<Remembered>
  readonly now: () => Date
  readonly log: Log
}

export type Remembered = Pick<BackupStatus, 'last' | 'lastDoneAt'>

/** A download that nobody fetches makes room. */
const DOWNLOAD_MS = 60_000
const KEY = 'last'

type Running = NonNullable<BackupStatus['running']>

/** Makes backups, one at a time, while people work. */
export class BackupAgent implements Stoppable {
  readonly #stopper = new AbortController()
  #running: Running | undefined
  #ending = new AbortController()
  #done: Promise<void> = Promise.resolve()
  #ticket: { id: string; begin: Awaited<ReturnType<typeof makeHeader>>; untilMs: number; createdAt: string } | undefined

  constructor(private readonly options: BackupAgentOptions) {}

  async status(): Promise<BackupStatus> {
    const { places, memory } = this.options
    const running = this.#running
    return { places: await places(), ...(running && { running: { ...running } }), ...(await memory.get(KEY)) }
  }

  /** Begins, and goes on when this resolves. Throws BACKUP_RUNNING and PLACE_UNKNOWN. */
  async start(path: string, passphrase: string): Promise<void> {
    this.#refuseSecond()
    const place = (await this.options.places()).find((one) => one.path === path)
    if (!place) throw new CodedError('PLACE_UNKNOWN', 'This drive is not there; it may have been taken out.')
    this.#refuseSecond()
    this.#running = { phase: 'writing', path, done: 0, total: 0, bytes: 0 }
    this.#done = this.#write(place, passphrase, this.#running)
  }

  /** Breaks off what goes on. */
  async cancel(): Promise<void> {
    this.#ending.abort()
    await this.#done
  }

  /** Where the backup can be fetched once, within a minute; nothing is read before. */
  async offer(passphrase: string): Promise<string> {
    this.#refuseSecond()
    const createdAt = this.options.now().toISOString()
    const begin = await makeHeader(this.options.facility, createdAt, passphrase)
    const id = randomBytes(16).toString('base64url')
    this.#ticket = { id, begin, untilMs: performance.now() + DOWNLOAD_MS, createdAt }
    return id
  }

  /** Throws PLACE_UNKNOWN and BACKUP_RUNNING. `ended` is to be told whether all of it went out. */
  async fetch(id: string): Promise<{ name: string; backup: Readable; ended: (isWhole: boolean) => Promise<void> }> {
    this.#refuseSecond()
    const ticket = this.#ticket
    if (ticket?.id !== id || ticket.untilMs < performance.now())
      throw new CodedError('PLACE_UNKNOWN', 'This download was used, or is too old; ask for another.')
    this.#ticket = undefined
    const running: Running = { phase: 'writing', path: '', done: 0, total: 0, bytes: 0 }
    this.#running = running
    this.#ending = new AbortController()
    const backup = await this.#open(ticket.begin, running).catch((error: unknown) => {
      this.#running = undefined
      throw error
    })
    const broken = AbortSignal.any([this.#stopper.signal, this.#ending.signal])
    broken.addEventListener('abort', () => backup.destroy(new Error('stopped')))
    let end: () => void = () => undefined
    this.#done = new Promise((resolve) => {
      end = resolve
    })
    const ended = async (isWhole: boolean) => {
      if (this.#running !== running) return
      this.#running = undefined
      end()
      if (isWhole) await this.#remember({ lastDoneAt: ticket.createdAt })
    }
    return { name: nameOf(this.options.facility.externalId, ticket.createdAt), backup, ended }
  }

  async stop(): Promise<void> {
    this.#stopper.abort()
    await this.#done
  }

  async #write({ path, isSameDisk }: BackupPlace, passphrase: string, running: Running): Promise<void> {
    const { facility, now, log } = this.options
    const createdAt = now().toISOString()
    this.#ending = new AbortController()
    const signal = AbortSignal.any([this.#stopper.signal, this.#ending.signal])
    const name = nameOf(facility.externalId, createdAt)
    try {
      const backup = await this.#open(await makeHeader(facility, createdAt, passphrase), running)
      await writeBackup(backup, {
        ...{ folder: path, name, passphrase, isSameDisk, signal },
        onWritten: (bytes) => {
          running.bytes += bytes
        },
        onCheck: () => Object.assign(running, { phase: 'checking', done: 0, total: running.bytes }),
        onChecked: (bytes) => {
          running.done += bytes
        },
      })
      log.info({ bytes: running.bytes }, 'a backup is whole')
      const last = { at: now().toISOString(), path, outcome: 'done' as const, name, bytes: running.bytes }
      await this.#remember({ last, lastDoneAt: createdAt })
    } catch (error) {
      const outcome = outcomeOf(error)
      log.error({ err: error, outcome }, 'a backup was not finished, and nothing is left of it')
      await this.#remember({ last: { at: now().toISOString(), path, outcome } })
    } finally {
      this.#running = undefined
    }
  }

  async #open(begin: Awaited<ReturnType<typeof makeHeader>>, running: Running): Promise<Readable> {
    running.total = await this.options.source.total()
    return takeBackup(this.options.source, begin, () => {
      running.done += 1
    })
  }

  /** A disk that takes no writes is told elsewhere. */
  async #remember(what: Remembered): Promise<void> {
    const { memory, log } = this.options
    try {
      await memory.put(KEY, { ...(await memory.get(KEY)), ...what }, ON_DISK)
    } catch (error) {
      log.warn({ err: error }, 'how the backup ended could not be kept')
    }
  }

  #refuseSecond(): void {
    if (this.#running) throw new CodedError('BACKUP_RUNNING', 'A backup is made already; wait for its end.')
  }
}

/** `lontar-101-20261122-074103.lontar`, in UTC. */
export function nameOf(externalId: string, createdAt: string): string {
  return `lontar-${externalId}-${createdAt.replaceAll(/[-:]|\..*$/g, '').replace('T', '-')}.lontar`
}
