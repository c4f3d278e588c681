import { nodeNameOf } from '../../protocol/node-name'
import { atOnce } from './at-once'
import { type SimulatedFacility, UnexpectedAnswer } from './facility'
import { acceptDataAccess, acceptRegistration, type Ministry, nodesOf, reopen } from './ministry'

/** So many register and are accepted at a time. */
const AT_ONCE = 8

/** All facilities register and, but for those that are to wait, are let in. `told` hears of each. */
export async function letIn(
  ministry: Ministry,
  facilities: readonly SimulatedFacility[],
  told: (letIn: number) => void,
): Promise<void> {
  const known = new Set((await nodesOf(ministry)).map(({ nodeName }) => nodeName))
  let count = 0
  await atOnce(AT_ONCE, facilities, async (facility) => {
    const { kept, plan } = facility
    if (!kept.credentials) {
      // Somebody has lost the credentials of an earlier simulation: as for a new machine.
      if (known.has(nodeNameOf(plan.externalId))) await reopen(ministry, nodeNameOf(plan.externalId)).catch(notAccepted)
      const { id } = await facility.register()
      if (plan.manner !== 'waiting') {
        await acceptRegistration(ministry, id)
        if (!(await facility.fetchCredentials())) throw new Error(`${plan.externalId} has got no credentials`)
        await facility.askDataAccess()
        await acceptDataAccess(ministry, nodeNameOf(plan.externalId))
      }
    }
    told(++count)
  })
}

/** A node that waits for its new machine already can not be reopened once more, and need not be. */
function notAccepted(error: unknown): void {
  if (error instanceof UnexpectedAnswer || (error instanceof Error && /: 409 /.test(error.message))) return
  throw error
}
