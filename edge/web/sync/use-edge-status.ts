import { useEffect, useState } from 'react'
import type { EdgeStatus } from '../../../schemas/generated/types'

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
        // A refusal, such as of a session that ended, closes it for good.
        if (source.readyState === EventSource.CLOSED) again = setTimeout(open, OPEN_AGAIN_MS)
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
