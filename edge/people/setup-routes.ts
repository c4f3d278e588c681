import { Router } from 'express'
import { onceOver } from '../../runtime/once-over'
import { readBody } from '../../runtime/read-body'
import { checked } from '../../schemas/check'
import type { AppSession, SetupRequest } from '../../schemas/generated/types'
import { isSetupRequest } from '../../schemas/generated/validators'
import { parseSmall, refuseOtherPages } from './session-routes'

export interface SetupRoutesDeps {
  /** Keeps all of it; the text is the cookie of the first admin's session. Throws what is wrong with it. */
  readonly keep: (request: SetupRequest, isSecure: boolean) => Promise<string>
  /** What was kept takes effect. */
  readonly begin: () => void
}

/** The first start: nobody has said yet which facility this is. Only programs of this machine reach it. */
export function setupRoutes({ keep, begin }: SetupRoutesDeps): Router {
  const router = Router({ caseSensitive: true })
  let isDone = false

  router.get('/app/session', (_request, response) => {
    response.setHeader('Cache-Control', 'no-store')
    response.json({ stage: 'setup' } satisfies AppSession)
  })

  router.post('/app/setup', async (request, response) => {
    refuseOtherPages(request)
    await readBody(parseSmall, request, response)
    const asked = checked(isSetupRequest, request.body ?? {}, 'the facility')
    if (!isDone) response.setHeader('Set-Cookie', await keep(asked, request.secure))
    isDone = true
    response.status(202).json({ stage: 'setup' } satisfies AppSession)
    onceOver(response, begin)
  })

  return router
}
