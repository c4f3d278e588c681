import express from 'express'
import { CodedError } from '../../protocol/error-codes'
import { readBody } from '../../runtime/read-body'
import { checked } from '../../schemas/check'
import type { ConfigurationList } from '../../schemas/generated/types'
import { isConfigurationRequest, isRetryRefusedRequest } from '../../schemas/generated/validators'
import type { Handlers } from '../access/handlers'
import { listConfigurations, restoreConfiguration, setConfiguration } from './configurations'
import { nodeSummary } from './lists'
import type { NodeStores } from './node-stores'
import { retryAllRefused, retryRefused } from './retry-refused'

export type ConfigurationRouteName =
  | 'GET /operator/nodes/:nodeName/configurations'
  | 'PUT /operator/nodes/:nodeName/configuration'
  | 'POST /operator/nodes/:nodeName/configurations/:version/restore'
  | 'POST /operator/nodes/:nodeName/refused/retry'
  | 'POST /operator/refused/retry'

const parseBody = express.json({ limit: 16 * 1024 })

/**
 * What an edge obeys, and the way back. Every change is audited before it is done.
 *
 * @param refusedFor  the facilities with documents that were refused for a reason
 */
export function configurationRoutes(
  stores: NodeStores,
  refusedFor: (reason: string) => Promise<string[]>,
): Handlers<ConfigurationRouteName> {
  return {
    'GET /operator/nodes/:nodeName/configurations': async (_operator, { params }, response) => {
      const list: ConfigurationList = { configurations: await listConfigurations(named(params), stores.nodes) }
      response.json(list)
    },
    'PUT /operator/nodes/:nodeName/configuration': async ({ name }, request, response) => {
      await readBody(parseBody, request, response)
      const asked = checked(isConfigurationRequest, request.body ?? {}, 'the configuration')
      response.json(nodeSummary(await setConfiguration(named(request.params), asked, name, stores)))
    },
    'POST /operator/nodes/:nodeName/configurations/:version/restore': async ({ name }, request, response) => {
      await readBody(parseBody, request, response)
      const { version = '' } = request.params as { version?: string }
      if (!/^[1-9][0-9]{0,9}$/.test(version)) {
        throw new CodedError('CONFIGURATION_UNKNOWN', 'A configuration is named by its version, such as 4.')
      }
      response.json(nodeSummary(await restoreConfiguration(named(request.params), Number(version), name, stores)))
    },
    'POST /operator/nodes/:nodeName/refused/retry': async ({ name }, request, response) => {
      await readBody(parseBody, request, response)
      response.json(nodeSummary(await retryRefused(named(request.params), { operator: name }, stores)))
    },
    'POST /operator/refused/retry': async ({ name }, request, response) => {
      await readBody(parseBody, request, response)
      const { reason } = checked(isRetryRefusedRequest, request.body ?? {}, 'the request')
      response.json(await retryAllRefused(await refusedFor(reason), { operator: name, reason }, stores))
    },
  }
}

function named(params: object): string {
  const { nodeName = '' } = params as { nodeName?: string }
  return nodeName
}
