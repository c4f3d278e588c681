import { Router } from 'express'
import type { EdgeStatus } from '../../schemas/generated/types'
import type { StatusStream } from './status-stream'

/** `GET /status`: how the facility stands with the hub. `GET /status/stream`: the same, whenever it is another. */
export function statusRoutes(status: () => Promise<EdgeStatus>, stream: StatusStream): Router {
  const router = Router({ caseSensitive: true })
  router.get('/status', async (_request, response) => {
    response.json(await status())
  })
  router.get('/status/stream', (request, response) => stream.listen(request, response))
  return router
}
