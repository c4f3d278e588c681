import { CodedError } from '../../protocol/error-codes'
import { refusalOf } from '../../protocol/refusal-of'
import type { BodyLimits } from '../../runtime/bodies/bodies'
import type { ConnectionLimits } from '../../runtime/connection-limits'
import type { AnswerLimits } from '../../runtime/untaken-answers'
import { addressKey } from './address-key'

const KIB = 1_024
const MIB = 1_024 * KIB

/**
 * Of all pushes at one gateway together. At worst four that unpack to 32 MiB lie beside 96 MiB as they were sent, and one
 * of them is parsed.
 */
export const PUSH_BODIES: BodyLimits = {
  // The edge's batches are at most 4 MiB; a stock replicator's are a hundred documents, with their attachments.
  mostBytes: 32 * MIB,
  roomBytes: 96 * MIB,
  // One of the largest. What somebody says that he will send is held until he has, at 50 bytes a second.
  roomOfOneBytes: 32 * MIB,
  atOnce: 4,
  largeBytes: 4 * MIB,
  // Records reach about 30; documents that are all alike a few hundred.
  mostRatio: 200,
  ratioFromBytes: 4 * MIB,
  // FHIR nests questionnaires, and those stay below 30.
  mostDepth: 100,
  // Of records 32 MiB have about one and a half million.
  mostValues: 2_000_000,
}

/** Of answers to pushes and questions. The largest says of a body of the largest that all in it is missing. */
export const ANSWERS: AnswerLimits = { roomBytes: 96 * MIB, roomOfOneBytes: 33 * MIB }

/** Of checkpoints: what a replicator remembers of its last sessions, some kilobytes. */
export const CHECKPOINT_BODIES: BodyLimits = {
  ...PUSH_BODIES,
  mostBytes: 64 * KIB,
  roomBytes: 16 * MIB,
  roomOfOneBytes: MIB,
  atOnce: 32,
  largeBytes: 64 * KIB,
  mostRatio: 200,
  ratioFromBytes: 64 * KIB,
  mostValues: 10_000,
}

/** Of questions what the hub holds: mostly some kilobytes, with the ids of a few thousand deleted documents at most. */
export const VERIFY_BODIES: BodyLimits = {
  ...PUSH_BODIES,
  mostBytes: 4 * MIB,
  roomBytes: 32 * MIB,
  roomOfOneBytes: 8 * MIB,
  largeBytes: MIB,
  mostDepth: 20,
  mostValues: 200_000,
}

/**
 * An edge keeps one connection for pushing, and opens others for its questions; a stock replicator has a handful. A facility's
 * line of 2 kB/s is forty times as fast as what counts as slow.
 */
export function connectionLimits({ isBehindProxy }: { isBehindProxy: boolean }): ConnectionLimits {
  return {
    connections: 4_000,
    ...(isBehindProxy ? {} : { connectionsOfAddress: 512, callerOf: addressKey }),
    silentMs: 3 * 60_000,
    slowBody: {
      leastBytes: 3_000,
      withinMs: 60_000,
      refusal: (path) => refusalOf(new CodedError('BODY_TOO_SLOW', 'The body came too slowly.'), path, () => ''),
    },
  }
}
