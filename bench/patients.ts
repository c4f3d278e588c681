import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findDuplicates } from '../edge/duplicates/find-duplicates'
import { PatientFinder } from '../edge/patients/patient-finder'
import { EhrStore } from '../edge/store/ehr'
import { PatientIndex } from '../edge/store/patient-index'
import { EdgeState } from '../edge/store/state'
import { findByName, type NameSearch } from './patients/fhir-name'
import { fillStore, PEOPLE } from './patients/fill-store'
import { queriesOf } from './patients/queries'
import { type Figure, printTable, printTargets } from './table'

const EACH = 400
const SHOWN = 25
const GOAL_MS = 100

/**
 * A page of patients while somebody types, at a facility with 100,000 of them, beside FHIR's own `name` search on the same machine
 * and data. `npm run bench patients [how many]`
 */
export async function benchPatients(): Promise<void> {
  const people = Number(process.argv[3] ?? PEOPLE)
  const folder = mkdtempSync(join(tmpdir(), 'lontar-bench-'))
  const store = await EhrStore.open(folder)
  const state = await EdgeState.open(folder)
  const finder = new PatientFinder({ store, state, externalId: '101', now: () => new Date() })
  const index = new PatientIndex(store, state)
  try {
    const sample = await fillStore(store, people)
    const filledMb = usedMb()
    const peerIndexMs = await timed(() => index.catchUp())
    const indexMs = await timed(() => finder.catchUp())
    const byName = findByName({ store, index, externalId: '101' })
    const queries = queriesOf(sample)
    await measure(queries['beginning of a name'] ?? [], (text) => finder.find(text, { limit: SHOWN }))
    const rows: [string, string, string, string][] = []
    for (const [what, texts] of Object.entries(queries)) {
      const ours = await measure(texts, (text) => finder.find(text, { limit: SHOWN }))
      const peer = await peerFigures(what, texts, byName)
      rows.push([what, peer, shown(ours), `p95 below ${GOAL_MS} ms`])
    }
    const asked = sample.slice(0, EACH).map(({ name, birthDate }) => ({ name, birthDate }))
    const duplicates = await measure(asked, (entered) => findDuplicates(entered, finder))
    rows.push(['duplicates of a name and birth date', '–', shown(duplicates), '–'])
    printTargets(
      `patients while somebody types: ${people.toLocaleString('en')} patients, ${EACH} questions each, pages of ${SHOWN}; p50 / p95 / p99 in ms`,
      'FHIR name search',
      'search while typing',
      rows,
    )
    const usedAtEndMb = usedMb()
    const figures: Figure[] = [
      ['index made anew, patients/s', (people / peerIndexMs) * 1_000, (people / indexMs) * 1_000, 'more'],
      ['memory of the process, MB: before, and after everything', filledMb, usedAtEndMb, 'less'],
    ]
    printTable('the index', 'FHIR name search', 'search while typing', figures)
  } finally {
    await finder.stop()
    await index.stop()
    await state.stop()
    await store.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function peerFigures(what: string, texts: readonly string[], byName: NameSearch): Promise<string> {
  // FHIR's name search knows no other spellings, numbers or dates.
  if (!/name|word/.test(what)) return '–'
  return shown(await measure(texts, (text) => byName(text, SHOWN)))
}

async function measure<T>(questions: readonly T[], ask: (question: T) => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (const question of questions) times.push(await timed(() => ask(question)))
  return times.sort((a, b) => a - b)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

function usedMb(): number {
  return Math.round(process.memoryUsage().rss / 1e6)
}

function shown(times: readonly number[]): string {
  const at = (share: number) => (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1)
  return `${at(0.5)} / ${at(0.95)} / ${at(0.99)}`
}
