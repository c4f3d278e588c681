import type { Handlers } from '../access/handlers'
import { decide, type WriteDecision } from '../audit/decide'
import { type RekeyDeps, rekey } from './rekey'

/** `POST /operator/rekey`: everything that is sealed under HUB_SECRET_KEY_PREVIOUS is sealed under HUB_SECRET_KEY. */
export function rekeyRoutes(deps: { rekey: RekeyDeps; audit: WriteDecision }): Handlers<'POST /operator/rekey'> {
  return {
    'POST /operator/rekey': async ({ name: operator }, _request, response) => {
      const decision = { kind: 'configuration', action: 'rekey', operator } as const
      response.json(await decide(deps.audit, decision, () => rekey(deps.rekey)))
    },
  }
}
