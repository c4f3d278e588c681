import express, { Router } from 'express'
import { readBody } from '../../runtime/read-body'
import { checked } from '../../schemas/check'
import type { About, Budget, BudgetUseReport } from '../../schemas/generated/types'
import { isBudget } from '../../schemas/generated/validators'

export interface FacilityRoutesDeps {
  readonly about: () => Promise<About>
  readonly budget: () => BudgetUseReport
  /** On the disk, and in use, when it resolves. */
  readonly keepBudget: (budget: Budget) => Promise<void>
}

const parse = express.json({ limit: 4 * 1024 })

/** What the settings of a facility show, and the data budget that its people may set. */
export function facilityRoutes({ about, budget, keepBudget }: FacilityRoutesDeps): Router {
  const router = Router({ caseSensitive: true })
  router.get('/app/about', async (_request, response) => {
    response.json(await about())
  })
  router.get('/app/budget', (_request, response) => {
    response.json(budget())
  })
  router.put('/app/budget', async (request, response) => {
    await readBody(parse, request, response)
    await keepBudget(checked(isBudget, request.body ?? {}, 'the budget'))
    response.json(budget())
  })
  return router
}
