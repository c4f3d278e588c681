import { readFileSync } from 'node:fs'
import { acceptEdge } from '../../test/support/edge'
import type { RunningHub } from '../../test/support/hub'
import { startHub } from '../../test/support/hub'
import { OUR_LIMIT_MS, type Row, whole } from './row'
import type { Sources } from './sources'
import { edgeWith } from './way'

const DOCUMENTS = 100_000
const SAMPLE_MS = 250
/** Each end of the push is looked at over so many documents. */
const STRETCH = 10_000

interface Bulk {
  startedMemoryBytes: number
  peakMemoryBytes: number
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
      const { peakMemoryBytes, startedMemoryBytes } = await bulk(sources)
      return `${whole(peakMemoryBytes / 1e6)} MB (${whole(startedMemoryBytes / 1e6)} MB before the push)`
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

/** Over loopback; the edge has been started anew, so that loading is not counted as the push's memory. */
async function pushBulk(sources: Sources): Promise<Bulk> {
  const source = await sources.of(DOCUMENTS)
  const hub = await startHub()
  const edge = await edgeWith(source, hub.url)
  try {
    const startedMemoryBytes = peakMemoryOf(edge.pid)
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
      peakMemoryBytes: peakMemoryOf(edge.pid),
      earlyMs: eachMs(samples, 1_000, 1_000 + STRETCH),
      lateMs: eachMs(samples, DOCUMENTS - STRETCH, DOCUMENTS),
    }
  } finally {
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

/** VmHWM of proc(5). */
function peakMemoryOf(pid: number): number {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(line?.[1] ?? 0) * 1024
}
