import type { EhrStore } from '../../../edge/store/ehr'
import { MrnCounter } from '../../../edge/store/mrn-counter'
import { noticeCopy } from '../../../edge/store/notice-copy'
import { EdgeState } from '../../../edge/store/state'

/** A facility that wrote down no patient: what is tested must not lean on the numbers that the store knows. */
const EMPTY = {
  get: async () => ({ kind: 'absent' }),
  readIds: async () => [],
  database: { changes: async () => ({ results: [], last_seq: 0 }) },
} as unknown as EhrStore

/** The parts of an edge that give out MRNs, started as the program does. */
export async function mintingEdge(
  folder: string,
  hasStored: () => Promise<boolean> = async () => false,
): Promise<{ counter: MrnCounter; close: () => Promise<void> }> {
  const state = await EdgeState.open(folder)
  const counter = new MrnCounter(EMPTY, state, '101')
  const hasPast = async () => (await counter.hasPast()) || (await hasStored())
  await noticeCopy(folder, state, { hasPast, onCopy: () => counter.doubt(), alongside: () => counter.changes() })
  return { counter, close: () => state.stop() }
}

/** Run as a process of its own: gives out numbers, and says which, until it is killed. */
async function main(folder: string): Promise<void> {
  process.stdout.write('ready\n')
  const { counter } = await mintingEdge(folder)
  for (;;) process.stdout.write(`${(await counter.mint(1)).join('\n')}\n`)
}

if (require.main === module) void main(process.argv[2] ?? '')
