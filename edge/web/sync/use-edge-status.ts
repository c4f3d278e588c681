import { useEffect, useState } from 'react'
import type { EdgeStatus } from '../../../schemas/generated/types'
import { AskError, ask } from '../../../web-kit/ask'
import { openSharedStream } from '../../../web-kit/shared-stream'

/** What the edge says of itself, as it changes; `isLost` while the edge does not answer. */
export interface SeenStatus {
  readonly status: EdgeStatus | undefined
  readonly isLost: boolean
}

/** @param isOn  false where nobody is signed in any more: then what was seen last stays */
export function useEdgeStatus(isOn = true): SeenStatus {
  const [seen, setSeen] = useState<SeenStatus>({ status: undefined, isLost: false })
  useEffect(() => {
    if (!isOn) return
    return openSharedStream({
      path: '/status/stream',
      names: ['status'],
      onNews: (news) => {
        if (news.kind === 'event') return setSeen({ status: JSON.parse(news.data) as EdgeStatus, isLost: false })
        setSeen(({ status }) => ({ status, isLost: true }))
        // Why it is refused, only a question tells: a session that ended asks for the password.
        if (!news.isRefused) return
        ask('/status').catch((error: unknown) => {
          if (error instanceof AskError && error.status === 401) setSeen(({ status }) => ({ status, isLost: false }))
        })
      },
    })
  }, [isOn])
  return seen
}
