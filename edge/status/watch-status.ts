import { request } from 'undici'
import { pause } from '../../runtime/back-off'
import type { EdgeStatus } from '../../schemas/generated/types'
import { isEdgeStatus } from '../../schemas/generated/validators'

const AGAIN_MS = 2_000
/** The heartbeat comes far more often. */
const SILENCE_MS = 60_000

/** Every status that the running edge tells; undefined while none answers, then it is asked again. Ends with the signal. */
export async function* watchStatus(
  edgeUrl: string,
  signal: AbortSignal,
  proof: () => Promise<{ authorization?: string }> = async () => ({}),
): AsyncGenerator<EdgeStatus | undefined> {
  while (!signal.aborted) {
    try {
      const headers = { accept: 'text/event-stream', ...(await proof()) }
      const { statusCode, body } = await request(`${edgeUrl}/status/stream`, {
        headers,
        signal,
        bodyTimeout: SILENCE_MS,
      })
      if (statusCode === 200) yield* statusesIn(body.setEncoding('utf8'))
      else await body.dump()
    } catch {
      // It is asked again, and said: a person who watches wants to know no more.
    }
    if (signal.aborted) return
    yield undefined
    await pause(AGAIN_MS, signal)
  }
}

async function* statusesIn(text: AsyncIterable<string>): AsyncGenerator<EdgeStatus> {
  let unread = ''
  for await (const part of text) {
    const events = `${unread}${part}`.split('\n\n')
    unread = events.pop() ?? ''
    for (const event of events) {
      const line = event.split('\n').find((one) => one.startsWith('data: '))
      const status: unknown = line && JSON.parse(line.slice('data: '.length))
      if (isEdgeStatus(status)) yield status
    }
  }
}
