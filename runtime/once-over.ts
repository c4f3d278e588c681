import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** What is to be done when a connection closes, for each that waits; a listener each would be too many for Node's liking. */
const waiting = new WeakMap<Socket, Set<() => void>>()

/**
 * Calls once, when an answer was taken or nobody can take it any more. `close` of the answer alone does not say so: one that waits
 * behind another on its connection (RFC 9112, section 9.3.2) has no socket yet, and Node tells it nothing when that one closes.
 */
export function onceOver(response: ServerResponse, then: () => void): void {
  const { socket } = response.req
  if (isOver(response)) {
    then()
    return
  }
  const ofSocket = waiting.get(socket) ?? watch(socket)
  const over = () => {
    response.off('close', over)
    if (ofSocket.delete(over)) then()
  }
  ofSocket.add(over)
  response.once('close', over)
}

/** Whether an answer was taken, or nobody can take it any more. */
export function isOver({ closed, req }: ServerResponse): boolean {
  return closed || req.socket.destroyed
}

function watch(socket: Socket): Set<() => void> {
  const ofSocket = new Set<() => void>()
  waiting.set(socket, ofSocket)
  socket.once('close', () => {
    for (const over of ofSocket) over()
  })
  return ofSocket
}
