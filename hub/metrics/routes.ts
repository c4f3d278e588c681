import { CodedError } from '../../protocol/error-codes'
import { isSameSecret } from '../../runtime/same-secret'
import type { Secret } from '../../runtime/settings'
import type { Caller } from '../access/caller'
import type { Handlers } from '../access/handlers'
import type { HubMetrics } from './hub-metrics'

/** `GET /metrics`, for a Prometheus that has the token. */
export function metricsRoutes(metrics: Pick<HubMetrics, 'page'>): Handlers<'GET /metrics'> {
  return {
    'GET /metrics': async (_reader, _request, response) => {
      const { contentType, text } = await metrics.page()
      response.setHeader('Cache-Control', 'no-store')
      response.setHeader('Content-Type', contentType)
      response.send(text)
    },
  }
}

/** Who may read the metrics, by the token of the settings; where none is set there is no such page. */
export function metricsReader(
  token: Secret | undefined,
): (bearer: string | undefined) => Extract<Caller, { kind: 'metrics' }> {
  return (bearer) => {
    if (!token) throw new CodedError('NOT_FOUND', 'There is nothing under this address.')
    if (!isSameSecret(bearer ?? '', token.reveal())) {
      throw new CodedError('UNAUTHENTICATED', 'The token of the metrics is missing or wrong.')
    }
    return { kind: 'metrics' }
  }
}
