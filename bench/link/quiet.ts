import { acceptEdge, allowImports, startEdge } from '../../test/support/edge'
import { startHub } from '../../test/support/hub'
import { startLink } from '../../test/support/link'
import { OUR_LIMIT_MS, type Row, whole } from './row'

const SETTLE_MS = 20_000
const WATCH_MS = 5 * 60_000
const HOUR_MS = 60 * 60_000

/** The whole edge of a facility of which all is decided, with its questions for its configuration; watched for a while and reckoned up to an hour. */
export const QUIET: Row[] = [
  {
    name: 'quiet',
    work: 'nothing to send, 1 hour',
    toReach: '10 kB',
    async ours() {
      const hub = await startHub()
      const link = await startLink(hub.url)
      const edge = await startEdge('101', link.url)
      try {
        await acceptEdge(hub, edge)
        await allowImports(hub, edge)
        await edge.synced(OUR_LIMIT_MS)
        await pause(SETTLE_MS)
        link.reset()
        const startedAt = performance.now()
        await pause(WATCH_MS)
        // At least one question is in it, so that the hour is not reckoned from none.
        while (link.traffic().bytesUp === 0) await pause(1_000)
        await pause(1_000)
        const watchedMs = performance.now() - startedAt
        const { bytesUp, bytesDown } = link.traffic()
        const bytes = bytesUp + bytesDown
        return `${whole((bytes * HOUR_MS) / watchedMs)} B (${whole(bytes)} B in ${whole(watchedMs / 1_000)} s)`
      } finally {
        await edge.remove()
        await link.stop()
        await hub.remove()
      }
    },
  },
]

function pause(ms: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, ms))
}
