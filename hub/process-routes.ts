import type { Handlers } from './access/handlers'

/** That the process lives, and that it can do its work. */
export function processRoutes(ready: () => Promise<void>): Handlers<'GET /healthz' | 'GET /readyz'> {
  return {
    'GET /healthz': (_nobody, _request, response) => {
      response.json({ status: 'ok' })
    },
    'GET /readyz': async (_nobody, _request, response) => {
      await ready()
      response.json({ status: 'ok' })
    },
  }
}
