import type { IncomingMessage } from 'node:http'
import { BodyError } from './body-error'
import type { Held, Room } from './room'

/**
 * A body as it was sent. What it says of its length is refused before it is read where it is too large, or there is no
 * room; one that does not say takes room as it arrives. The room is given back by whoever has used the bytes.
 */
export async function receiveBody(
  request: IncomingMessage,
  { mostBytes, room, whose }: { mostBytes: number; room: Room; whose: string },
): Promise<{ bytes: Buffer; held: Held }> {
  // Whoever left while he was asked who he is: nothing of it comes any more, not even its end.
  if (request.destroyed) throw new BodyError('request.aborted')
  const declared = Number(request.headers['content-length'] ?? 0)
  if (declared > mostBytes) throw new BodyError('entity.too.large')
  const held = room.take(declared, whose)
  try {
    return { bytes: await collect(request, declared, mostBytes, held), held }
  } catch (error) {
    held.giveBack()
    throw error
  }
}

function collect(request: IncomingMessage, declared: number, mostBytes: number, held: Held): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    let length = 0
    const onData = (piece: Buffer) => {
      length += piece.length
      if (length > mostBytes) return end(new BodyError('entity.too.large'))
      if (length > declared) {
        try {
          held.grow(Math.min(piece.length, length - declared))
        } catch (error) {
          return end(error)
        }
      }
      pieces.push(piece)
    }
    const onEnd = () => end()
    const onCut = () => end(new BodyError('request.aborted'))
    const end = (error?: unknown) => {
      request.off('data', onData).off('end', onEnd).off('close', onCut).off('error', onCut)
      // Somebody has to take an error that comes after.
      request.on('error', () => {})
      if (error === undefined) return resolve(Buffer.concat(pieces, length))
      request.pause()
      reject(error)
    }
    request.on('data', onData).on('end', onEnd).on('close', onCut).on('error', onCut)
  })
}
