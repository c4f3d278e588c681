import { REPORT } from '../../protocol/headers'
import { nodeNameOf } from '../../protocol/node-name'
import { encodeReport } from '../../protocol/node-report'
import { pause } from '../../runtime/back-off'
import { atOnce } from './at-once'
import { organizationDocument, refusableDocuments } from './documents'
import { type SimulatedFacility, UnexpectedAnswer } from './facility'
import { type Ministry, silenceSince } from './ministry'
import { reportOf } from './report'

export interface Pace {
  /** Patients of each facility that are there from the start. */
  patients: number
  /** New patients an hour at each facility, each with years of visits. */
  rate: number
  /** Between two questions for the configuration. */
  askSeconds: number
}

export interface Tally {
  documents: number
  refused: number
  pushes: number
  questions: number
  suspended: number
  errors: number
}

const PUSHES_AT_ONCE = 16
const BATCH = 200
const SILENT_DAYS = 3

/** What was there from the start goes up; in the end the silent ones fall silent, and the refused have been refused. */
export async function firstPush(
  ministry: Ministry,
  facilities: readonly SimulatedFacility[],
  pace: Pace,
  tally: Tally,
): Promise<void> {
  await atOnce(PUSHES_AT_ONCE, facilities, async (facility) => {
    const { externalId, manner } = facility.plan
    if (manner === 'waiting') return
    facility.queue([organizationDocument(facility.plan)])
    await pushAll(facility, tally)
    while (facility.kept.patients < pace.patients) {
      facility.write()
      await pushAll(facility, tally)
    }
    if (manner === 'refused') {
      facility.queue(refusableDocuments(externalId, `8${externalId.slice(1)}`, new Date()))
      await pushAll(facility, tally)
    }
    await ask(facility, tally)
    if (manner === 'silent') await silenceSince(ministry, nodeNameOf(externalId), SILENT_DAYS)
  })
}

/** The day of one facility, until the signal: it asks every so often, and sends what its people write. */
export async function liveOn(
  facility: SimulatedFacility,
  pace: Pace,
  tally: Tally,
  { random, signal }: { random: () => number; signal: AbortSignal },
): Promise<void> {
  const { manner } = facility.plan
  if (manner === 'waiting' || manner === 'silent') return
  const everyMs = pace.askSeconds * 1_000
  // Not all at the same moment.
  await pause(everyMs * random(), signal)
  while (!signal.aborted) {
    try {
      if (random() < (pace.rate * pace.askSeconds) / 3_600) facility.write()
      if (manner !== 'behind') await pushAll(facility, tally)
      await ask(facility, tally)
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof UnexpectedAnswer && error.status === 403) tally.suspended++
      else tally.errors++
    }
    await pause(everyMs * (0.8 + 0.4 * random()), signal)
  }
}

async function pushAll(facility: SimulatedFacility, tally: Tally): Promise<void> {
  const before = { accepted: facility.accepted, refused: facility.refused }
  let pushes = 0
  while (await facility.push(BATCH)) pushes++
  if (pushes > 0) await facility.moveCheckpoint()
  tally.pushes += pushes
  tally.documents += facility.accepted - before.accepted
  tally.refused += facility.refused - before.refused
}

async function ask(facility: SimulatedFacility, tally: Tally): Promise<void> {
  await facility.configure(reportHeaders(facility))
  tally.questions++
}

function reportHeaders(facility: SimulatedFacility): Record<string, string> {
  return { [REPORT]: encodeReport(reportOf(facility, Date.now())) }
}
