import { acceptEdge } from '../../test/support/edge'
import type { RunningHub } from '../../test/support/hub'
import { startHub } from '../../test/support/hub'
import { type Memory, watchMemory } from '../memory'
import { OUR_LIMIT_MS, type Row, whole } from './row'
import type { Sources } from './sources'
import { edgeWith } from './way'

const DOCUMENTS = 100_000
const SAMPLE_MS = 250
/** Each end of the push is looked at over so many documents. */
const STRETCH = 10_000

interface Bulk {
  startedMemoryBytes: number
  peak: Memory
  earlyMs: number
  lateMs: number
}

let measured: Promise<Bulk> | undefined
const bulk = (sources: Sources) => (measured ??= pushBulk(sources))

export const BULK: Row[] = [
  {
    name: 'memory',
    work: `edge memory while pushing ${whole(DOCUMENTS)} documents`,
    toReach: '200 MB',
    async ours(sources) {
      const { peak, startedMemoryBytes } = await bulk(sources)
      const parts = `${megabytes(peak.anonymous)} its own, ${megabytes(peak.file)} of files`
      return `${megabytes(peak.whole)} (${parts}; ${megabytes(startedMemoryBytes)} before the push)`
    },
  },
  {
    name: 'cost',
    work: 'cost of the 100,000th document against the 1,000th',
    toReach: 'the same',
    async ours(sources) {
      const { earlyMs, lateMs } = await bulk(sources)
      return `${lateMs.toFixed(2)} ms against ${earlyMs.toFixed(2)} ms`
    },
  },
]

function megabytes(bytes: number): string {
  return `${whole(bytes / 1e6)} MB`
}

/**
 * Over loopback; the edge has been started anew, so that loading is not counted as the push's memory. It has validated a
 * resource, as any edge that is used has, for that loads the validators.
 */
async function pushBulk(sources: Sources): Promise<Bulk> {
  const source = await sources.of(DOCUMENTS)
  const hub = await startHub()
  const edge = await edgeWith(source, hub.url)
  const memory = watchMemory(edge.pid)
  try {
    const body = { resourceType: 'Location', name: 'Ward 1' }
    const { status } = await edge.ask('/fhir/Location', { method: 'POST', body })
    if (status !== 201) throw new Error(`not created: ${status}`)
    const startedMemoryBytes = memory.peak().whole
    await acceptEdge(hub, edge)
    const samples: Sample[] = []
    for (let last = 0; last < DOCUMENTS; ) {
      last = await documentsAt(hub)
      samples.push({ atMs: performance.now(), documents: last })
      await new Promise((resume) => setTimeout(resume, SAMPLE_MS))
    }
    await edge.synced(OUR_LIMIT_MS)
    return {
      startedMemoryBytes,
      peak: memory.peak(),
      earlyMs: eachMs(samples, 1_000, 1_000 + STRETCH),
      lateMs: eachMs(samples, DOCUMENTS - STRETCH, DOCUMENTS),
    }
  } finally {
    memory.stop()
    await edge.remove()
    await hub.remove()
  }
}

interface Sample {
  atMs: number
  documents: number
}

/** Between the samples nearest to both counts: batches arrive as a whole. */
function eachMs(samples: readonly Sample[], from: number, to: number): number {
  const first = samples.find(({ documents }) => documents >= from)
  const last = samples.find(({ documents }) => documents >= to)
  if (!first || !last || last.documents <= first.documents) return Number.NaN
  return (last.atMs - first.atMs) / (last.documents - first.documents)
}

async function documentsAt(hub: RunningHub): Promise<number> {
  const { body } = await hub.couch('/ehr')
  return (body as { doc_count: number }).doc_count
}
