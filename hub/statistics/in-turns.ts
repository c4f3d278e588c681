import { CodedError } from '../../protocol/error-codes'
import { Turns } from '../../runtime/turns'

const RETRY_SECONDS = 5

/** So many at once, one after the other of each account in its turn; whoever asks for too much at once is told so: OVERLOADED. */
export function inTurns(atOnce: number, mostOfOne: number): <T>(whose: string, work: () => Promise<T>) => Promise<T> {
  const turns = new Turns(atOnce)
  const asked = new Map<string, number>()
  return async (whose, work) => {
    const own = asked.get(whose) ?? 0
    if (own >= mostOfOne) {
      const headers = { 'Retry-After': String(RETRY_SECONDS) }
      throw new CodedError('OVERLOADED', 'Your earlier questions are still being answered; try again.', { headers })
    }
    asked.set(whose, own + 1)
    try {
      return await turns.take(whose, work)
    } finally {
      const left = (asked.get(whose) ?? 1) - 1
      if (left > 0) asked.set(whose, left)
      else asked.delete(whose)
    }
  }
}
