import { createTransport } from 'nodemailer'
import { isLoopback, type Secret } from '../../runtime/settings'
import type { AlertMessage } from '../../schemas/generated/types'
import { letterOf } from './message'
import { NotDelivered } from './webhook'

/** The mail server of the ministry, from the gateway's own settings: its password is never in the database. */
export interface MailServer {
  /** With name and password, so it is a secret. */
  readonly url: Secret
  readonly from: string
}

const SILENCE_MS = 10_000
/** Of the whole conversation: a server that says a word now and then would hold up all alerts, and the lease would be another's by then. */
const ALL_MS = 25_000

/** One try. A receiver of the same message again sees one letter where his program looks at Message-ID. */
export async function sendLetter(
  message: AlertMessage,
  to: readonly string[],
  { url, from }: MailServer,
  allMs = ALL_MS,
): Promise<void> {
  const { protocol, hostname } = new URL(url.reveal())
  const transport = createTransport({
    url: url.reveal(),
    connectionTimeout: SILENCE_MS,
    greetingTimeout: SILENCE_MS,
    socketTimeout: SILENCE_MS,
    // The password shall not go over the network in clear text, whatever the server offers.
    requireTLS: protocol === 'smtp:' && !isLoopback(hostname),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const { promise: tooLong, done } = tooLongAfter(allMs)
  try {
    const messageId = `<${message.id}@${message.hubId}.lontar>`
    const sending = transport.sendMail({ from, to: [...to], messageId, ...letterOf(message) })
    // What comes of it when nobody waits any more.
    sending.catch(() => undefined)
    const { rejected } = await Promise.race([sending, tooLong])
    if (rejected.length > 0)
      throw new NotDelivered(`The mail server refused ${rejected.length} of ${to.length} receivers.`)
  } catch (error) {
    if (error instanceof NotDelivered) throw error
    const { code, responseCode } = error as { code?: string; responseCode?: number }
    throw new NotDelivered(`The mail server did not take it (${responseCode ?? code ?? 'unknown'}).`, { cause: error })
  } finally {
    done()
    transport.close()
  }
}

function tooLongAfter(ms: number): { promise: Promise<never>; done: () => void } {
  let timer: NodeJS.Timeout | undefined
  const promise = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new NotDelivered('The mail server took too long.')), ms)
  })
  return { promise, done: () => clearTimeout(timer) }
}
