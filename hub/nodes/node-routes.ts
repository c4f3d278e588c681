import express, { type Request, Router } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { MAX_COUNTER } from '../../protocol/mrn'
import { baseUrlOf } from '../../runtime/base-url'
import { readBody } from '../../runtime/read-body'
import { checked } from '../../schemas/check'
import type { DataAccessAnswer, NodeConfiguration, NodeDocument } from '../../schemas/generated/types'
import { isDataAccessRequest } from '../../schemas/generated/validators'
import { entityTag, isKnown } from './entity-tag'

export interface NodeDependencies {
  /** Throws a CodedError unless an accepted node that is not suspended calls. */
  identify: (request: Request) => Promise<NodeDocument>
  /** With the node password, until it was used. */
  configurationOf: (nodeName: string, baseUrl: string, mrnCounter: number | undefined) => Promise<NodeConfiguration>
  requestDataAccess: (nodeName: string, reason: string | undefined) => Promise<NodeDocument>
  publicUrl?: string
}

const BODY_BYTES = 16 * 1024

/** What an accepted facility asks, with its own credentials. */
export function nodeRoutes({ identify, configurationOf, requestDataAccess, publicUrl }: NodeDependencies): Router {
  const router = Router({ caseSensitive: true })
  const parseBody = express.json({ limit: BODY_BYTES })

  router.get('/node/configuration', async (request, response) => {
    response.setHeader('Cache-Control', 'no-store')
    const { nodeName } = await identify(request)
    const mrnCounter = mrnCounterIn(request.query)
    const text = JSON.stringify(await configurationOf(nodeName, baseUrlOf(request, publicUrl), mrnCounter))
    const tag = entityTag(text)
    response.setHeader('ETag', tag)
    // Asked every few minutes by every facility, and nearly always the same.
    if (isKnown(tag, request.headers['if-none-match'])) return void response.status(304).end()
    response.type('application/json').send(text)
  })

  router.post('/node/data-access', async (request, response) => {
    const { nodeName } = await identify(request)
    await readBody(parseBody, request, response)
    const { reason } = checked(isDataAccessRequest, request.body ?? {}, 'the data-access request')
    const { dataAccess } = await requestDataAccess(nodeName, reason)
    const answer: DataAccessAnswer = {
      status: dataAccess.status,
      ...(dataAccess.reason !== undefined && { reason: dataAccess.reason }),
    }
    response.status(202).json(answer)
  })

  return router
}

/** Without it nothing is told: a stock CouchDB that pushes mints nothing. */
function mrnCounterIn({ mrnCounter }: Request['query']): number | undefined {
  if (mrnCounter === undefined) return undefined
  if (typeof mrnCounter === 'string' && /^[0-9]{1,7}$/.test(mrnCounter)) return Number(mrnCounter)
  throw new CodedError('INVALID_REQUEST', `mrnCounter must be a whole number from 0 to ${MAX_COUNTER}.`)
}
