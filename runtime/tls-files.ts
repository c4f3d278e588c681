import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import type { Log } from './log'
import { PlainError } from './plain-error'
import type { Stoppable } from './service'

export interface Tls {
  readonly cert: string
  readonly key: string
}

/** Where the two are, each by the name of the setting that says so. */
export interface TlsPlaces {
  readonly cert: { readonly setting: string; readonly file: string }
  readonly key: { readonly setting: string; readonly file: string }
}

/** A new certificate is noticed within so long. Reading two small files costs less than missing an event of a mounted folder. */
const LOOK_MS = 5_000

/**
 * A certificate and its key, read before anything is started, so that a mistake is said at once, and read again while it
 * runs: certificates are renewed every few weeks, and a hub that has to be restarted for it is restarted too late.
 */
export class TlsFiles implements Stoppable {
  #current: Tls
  #complaint = ''
  #timer: NodeJS.Timeout | undefined

  private constructor(
    private readonly places: TlsPlaces,
    first: Tls,
    private readonly log: Pick<Log, 'error' | 'info'>,
  ) {
    this.#current = first
  }

  /** Throws PlainError where a file can't be read, or the two are no pair. */
  static async open(places: TlsPlaces, log: Pick<Log, 'error' | 'info'>): Promise<TlsFiles> {
    return new TlsFiles(places, await readTls(places), log)
  }

  get current(): Tls {
    return this.#current
  }

  /** Calls `apply` for each new pair. One that can't be used (half of it may be written) is said once, and the old one stays. */
  watch(apply: (tls: Tls) => void, lookMs = LOOK_MS): void {
    const look = async () => {
      try {
        const next = await readTls(this.places)
        if (next.cert !== this.#current.cert || next.key !== this.#current.key) {
          apply(next)
          this.#current = next
          this.log.info('a new certificate is in use')
        }
        this.#complaint = ''
      } catch (error) {
        const complaint = error instanceof Error ? error.message : String(error)
        if (complaint !== this.#complaint)
          this.log.error({ complaint }, 'the new certificate can not be used; the old one stays')
        this.#complaint = complaint
      }
      this.#timer?.refresh()
    }
    this.#timer = setTimeout(() => void look(), lookMs).unref()
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

async function readTls({ cert: certAt, key: keyAt }: TlsPlaces): Promise<Tls> {
  const [cert, key] = await Promise.all([read(certAt), read(keyAt)])
  try {
    // Nothing at all is taken for a certificate by what makes the context of it, and fails each handshake then.
    const isPair = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
    if (!isPair) throw new Error('the key is of another certificate')
    createSecureContext({ cert, key })
  } catch (cause) {
    throw new PlainError(
      `${certAt.setting} and ${keyAt.setting} are not a certificate and its private key, both in PEM.`,
      {
        cause,
      },
    )
  }
  return { cert, key }
}

async function read({ setting, file }: { setting: string; file: string }): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new PlainError(`The file of ${setting} can not be read (${code}): ${file}`, { cause })
  }
}
