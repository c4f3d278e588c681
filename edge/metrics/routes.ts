import { Router } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { isSameSecret } from '../../runtime/same-secret'
import type { Secret } from '../../runtime/settings'
import type { EdgeMetrics } from './edge-metrics'

/**
 * `GET /metrics`, for whoever shows the token of the settings: a program, which signs in nowhere, so it stands before the guard of
 * people. Where no token is set there is no such page.
 */
export function metricsRoutes(token: Secret, metrics: Pick<EdgeMetrics, 'page'>): Router {
  const router = Router({ caseSensitive: true, strict: true })
  router.get('/metrics', async ({ headers: { authorization = '' } }, response) => {
    const [, bearer = ''] = /^Bearer (\S{1,200})$/i.exec(authorization) ?? []
    if (!isSameSecret(bearer, token.reveal())) {
      throw new CodedError('UNAUTHENTICATED', 'The token of the metrics is missing or wrong.')
    }
    const { contentType, text } = await metrics.page()
    response.setHeader('Cache-Control', 'no-store')
    response.setHeader('Content-Type', contentType)
    response.send(text)
  })
  return router
}
