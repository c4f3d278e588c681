import type { StatePart } from '../store/state'

/** When the hub was last asked who has read records. */
export function askedAtIn(part: StatePart<string>) {
  return { read: () => part.get('at'), keep: (at: string) => part.put('at', at) }
}
