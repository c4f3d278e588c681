import type { AlertMessage, AlertSettings, AlertTestResult } from '../../schemas/generated/types'
import { type MailServer, sendLetter } from './letter'
import { CHANNELS, type ChannelName } from './next-alerts'
import { NotDelivered, postWebhook } from './webhook'

/** One try at a time; throws NotDelivered. */
export type Send = (message: AlertMessage) => Promise<void>

export interface ChannelParts {
  readonly webhookSecret: () => Promise<string | undefined>
  readonly mailServer: MailServer | undefined
  readonly now: () => Date
}

/** Where the settings say that alerts go, as far as they say it. */
export function channelsOf(
  { webhook, email }: AlertSettings,
  { webhookSecret, mailServer, now }: ChannelParts,
): Partial<Record<ChannelName, Send>> {
  return {
    ...(webhook && {
      webhook: async (message) => {
        const secret = await webhookSecret()
        if (secret === undefined) throw new NotDelivered('The webhook has no secret: set it once more.')
        await postWebhook(message, { url: webhook.url, secret, now: now() })
      },
    }),
    ...(email && {
      email: async (message) => {
        if (!mailServer) throw new NotDelivered('HUB_SMTP_URL is not set at this gateway.')
        await sendLetter(message, email.to, mailServer)
      },
    }),
  }
}

/** Sends one message everywhere, for an operator who waits for what comes of it. */
export async function tryAll(
  channels: Partial<Record<ChannelName, Send>>,
  message: AlertMessage,
): Promise<AlertTestResult> {
  const result: AlertTestResult = {}
  for (const name of CHANNELS) {
    const send = channels[name]
    if (!send) continue
    try {
      await send(message)
      result[name] = { sent: true }
    } catch (error) {
      if (!(error instanceof NotDelivered)) throw error
      result[name] = { sent: false, problem: error.message }
    }
  }
  return result
}
