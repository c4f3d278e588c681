import { useEffect, useState } from 'react'
import type { EdgeStatus } from '../../../schemas/generated/types'
import { AskError, ask } from '../../../web-kit/ask'

/** What the edge says of itself, as it changes; `isLost` while the program on this computer does not answer. */
export interface SeenStatus {
  readonly status: EdgeStatus | undefined
  readonly isLost: boolean
}

const OPEN_AGAIN_MS = 3_000

/** The browser opens the stream again by itself when it breaks. */
export function useEdgeStatus(): SeenStatus {
  const [seen, setSeen] = useState<SeenStatus>({ status: undefined, isLost: false })
  useEffect(() => {
    let source: EventSource
    let again: ReturnType<typeof setTimeout> | undefined
    const open = () => {
      source = new EventSource('/status/stream')
      source.addEventListener('status', ({ data }: MessageEvent<string>) =>
        setSeen({ status: JSON.parse(data) as EdgeStatus, isLost: false }),
      )
      source.addEventListener('error', () => {
        setSeen(({ status }) => ({ status, isLost: true }))
        // A refusal closes it for good. Which one it is, only a question tells: a session that ended asks for the password.
        if (source.readyState !== EventSource.CLOSED) return
        ask('/status').catch((error: unknown) => {
          if (error instanceof AskError && error.status === 401) setSeen(({ status }) => ({ status, isLost: false }))
        })
        again = setTimeout(open, OPEN_AGAIN_MS)
      })
    }
    open()
    return () => {
      clearTimeout(again)
      source.close()
    }
  }, [])
  return seen
}
