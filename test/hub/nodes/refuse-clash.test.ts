import fc from 'fast-check'
import type { Database } from '../../../hub/nodes/database'
import { refuseClash } from '../../../hub/nodes/refuse-clash'
import { clash } from '../../../protocol/external-id'

const externalId = fc.stringMatching(/^[01A]{2,6}$/)

function nodesNamed(externalIds: readonly string[]): Database {
  const names = externalIds.map((id) => `node-${id}`).sort()
  return {
    get: async (id) => (names.includes(id) ? {} : undefined),
    ids: async (first, last) => names.filter((name) => name >= first && name <= last),
  } as Partial<Database> as Database
}

test('refuses exactly what law 2 forbids beside the nodes that there are', async () => {
  await fc.assert(
    fc.asyncProperty(externalId, fc.uniqueArray(externalId, { maxLength: 12 }), async (wanted, others) => {
      const isForbidden = others.some((other) => other !== wanted && clash(other, wanted))
      const isRefused = await refuseClash(nodesNamed(others), wanted).then(
        () => false,
        () => true,
      )
      expect(isRefused).toBe(isForbidden)
    }),
    { seed: 2, numRuns: 500 },
  )
})
