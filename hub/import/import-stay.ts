import type { ServerResponse } from 'node:http'
import { isOver, onceOver } from '../../runtime/once-over'
import { cutOffAfter, MOST_TAKING_MS } from '../../runtime/untaken-answers'
import type { ImportPlace, ImportRoom } from './import-room'

/** One import in the room, from its reading on until nobody needs it any more. */
export interface ImportStay {
  /** As ImportRoom's. */
  enter(name: string): Pick<ImportPlace, 'take'>
  /** Nothing more is done for it but sending what was made. */
  worked(): void
}

/**
 * The place is left once the work is over and the answer is gone. Whoever hangs up keeps it until the work is over, for the record is
 * read to its end all the same: else somebody who asks and hangs up, again and again, fills the memory past the room. Whoever takes his
 * answer without end is cut off.
 */
export function stayIn(room: ImportRoom, response: ServerResponse, takingMs = MOST_TAKING_MS): ImportStay {
  let place: ImportPlace | undefined
  let isWorking = true
  const leaveIfOver = () => {
    if (!isWorking && isOver(response)) place?.leave()
  }
  onceOver(response, leaveIfOver)
  return {
    enter: (name) => {
      place = room.enter(name)
      return place
    },
    worked: () => {
      isWorking = false
      leaveIfOver()
      cutOffAfter(takingMs, response)
    },
  }
}
