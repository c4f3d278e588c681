import { setMaxListeners } from 'node:events'
import { firstPush, type Tally } from '../../scripts/simulate/day'
import { SimulatedFacility } from '../../scripts/simulate/facility'
import { letIn } from '../../scripts/simulate/let-in'
import { type Odd, type PlannedFacility, planned } from '../../scripts/simulate/plan'
import type { RunningHub } from './hub'
import { until } from './processes'

const SEED = 1

/** Facilities that have registered, were accepted, and have sent a patient each; none of them lives on. */
export async function simulateFacilities(hub: RunningHub, many: number, odd: Partial<Odd>): Promise<PlannedFacility[]> {
  const plans = planned(many, { silent: 0, behind: 0, refused: 0, waiting: 0, ...odd }, SEED)
  const [, password = ''] = Buffer.from(hub.couchAuthorization.slice('Basic '.length), 'base64').toString().split(':')
  const ministry = {
    url: hub.url,
    operator: { name: 'operator', password: hub.operatorPassword },
    couch: { url: hub.couchUrl, password },
  }
  const { signal } = new AbortController()
  // One for each facility that asks.
  setMaxListeners(0, signal)
  const at = { hubUrl: hub.url, seed: SEED, today: new Date(), signal }
  const all = plans.map((plan) => new SimulatedFacility(plan, { claim: claimOf(plan), patients: 0 }, at))
  const tally: Tally = { documents: 0, refused: 0, pushes: 0, questions: 0, suspended: 0, errors: 0 }
  try {
    await letIn(ministry, all, () => undefined)
    await firstPush(ministry, all, { patients: 1, rate: 0, askSeconds: 60 }, tally)
  } finally {
    await Promise.all(all.map((one) => one.line.close()))
  }
  return plans
}

/** Until the hub answers what it is asked to count: so long the embedded store works through all that was just written. */
export async function counted(hub: RunningHub, path: string): Promise<unknown> {
  return until(
    'it is counted',
    async () => {
      const { status, body } = await hub.operator(path)
      return status === 200 && body
    },
    180_000,
  )
}

/** As an edge's, but the same in every run. */
function claimOf({ externalId }: PlannedFacility): string {
  return Buffer.alloc(32, externalId).toString('base64url')
}
