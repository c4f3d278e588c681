import type { HubSettingsSummary, Today } from '../../schemas/generated/types'
import type { Handlers } from '../access/handlers'
import { queryOf } from '../access/query-of'
import { type Known, tasksOf } from './tasks'

/** What needs a person, and what the hub runs with. */
export function todayRoutes(deps: {
  known: () => Promise<Known>
  settings: () => HubSettingsSummary
  now: () => Date
}): Handlers<'GET /operator/today' | 'GET /operator/settings'> {
  return {
    'GET /operator/today': async (_operator, request, response) => {
      queryOf(request, [])
      const now = deps.now()
      const today: Today = { tasks: tasksOf(await deps.known(), now), asOf: now.toISOString() }
      response.json(today)
    },
    'GET /operator/settings': (_operator, request, response) => {
      queryOf(request, [])
      response.json(deps.settings())
    },
  }
}
