import { createHmac } from 'node:crypto'
import { Agent, request } from 'undici'
import { ALERT_SIGNATURE } from '../../protocol/headers'
import { isLoopback } from '../../runtime/settings'
import type { AlertMessage } from '../../schemas/generated/types'

/** A place did not take a message; the words are for an operator, and hold nothing that the place answered. */
export class NotDelivered extends Error {}

const CONNECT_MS = 5_000
const SILENCE_MS = 10_000
const ANSWER_BYTES = 64 * 1024

/**
 * https, or http to this very machine, and no credentials in it: an address is no secret, and is written down in the audit. It is
 * asked as it stands and no redirect is followed, so that nobody but the operator says where a gateway goes.
 */
export function isWebhookUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password, hash } = new URL(text)
  if (username || password || hash) return false
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
}

/**
 * `t=<seconds>,v1=<hex>`: HMAC-SHA256 under the secret over `<seconds>.<body>`. The time is under it so that a receiver can refuse
 * what somebody has kept.
 */
export function signatureOf(body: string, secret: string, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1_000)
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`
}

/** One try; whoever calls tries again later. */
export async function postWebhook(
  message: AlertMessage,
  { url, secret, now }: { url: string; secret: string; now: Date },
): Promise<void> {
  const body = JSON.stringify(message)
  const agent = new Agent({
    connections: 1,
    connect: { timeout: CONNECT_MS },
    headersTimeout: SILENCE_MS,
    bodyTimeout: SILENCE_MS,
  })
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [ALERT_SIGNATURE]: signatureOf(body, secret, now) },
      body,
      dispatcher: agent,
      signal: AbortSignal.timeout(CONNECT_MS + SILENCE_MS),
    })
    await answer.body.dump({ limit: ANSWER_BYTES })
    if (answer.statusCode < 200 || answer.statusCode > 299) {
      throw new NotDelivered(`The webhook answered ${answer.statusCode}.`)
    }
  } catch (error) {
    if (error instanceof NotDelivered) throw error
    const code = (error as NodeJS.ErrnoException).code ?? (error as Error).name
    throw new NotDelivered(`The webhook could not be asked (${code}).`, { cause: error })
  } finally {
    await agent.destroy()
  }
}
