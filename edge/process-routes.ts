import { Router } from 'express'
import { fixedJson } from '../runtime/fixed-json'
import { openApiOf } from '../schemas/openapi'

/**
 * That the process lives, that it can do its work, and what it understands.
 *
 * @param ready  throws where it can't do its work
 */
export function processRoutes(ready: () => Promise<void>): Router {
  const router = Router({ caseSensitive: true })
  router.get('/healthz', (_request, response) => void response.json({ status: 'ok' }))
  router.get('/readyz', async (_request, response) => {
    await ready()
    response.json({ status: 'ok' })
  })
  router.get('/openapi.json', fixedJson(openApiOf('edge')))
  return router
}
