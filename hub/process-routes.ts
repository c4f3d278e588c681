import { fixedJson } from '../runtime/fixed-json'
import { openApiOf } from '../schemas/openapi'
import type { Handlers } from './access/handlers'

/** That the process lives, that it can do its work, and what it understands. */
export function processRoutes(
  ready: () => Promise<void>,
): Handlers<'GET /healthz' | 'GET /readyz' | 'GET /openapi.json'> {
  const description = fixedJson(openApiOf('hub'))
  return {
    'GET /healthz': (_nobody, _request, response) => {
      response.json({ status: 'ok' })
    },
    'GET /readyz': async (_nobody, _request, response) => {
      await ready()
      response.json({ status: 'ok' })
    },
    'GET /openapi.json': (_nobody, request, response) => description(request, response),
  }
}
