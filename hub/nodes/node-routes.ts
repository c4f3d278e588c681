import express, { type Request } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { REPORT } from '../../protocol/headers'
import { MAX_COUNTER } from '../../protocol/mrn'
import { baseUrlOf } from '../../runtime/base-url'
import { entityTag, isKnown } from '../../runtime/entity-tag'
import { readBody } from '../../runtime/read-body'
import { checked } from '../../schemas/check'
import type { DataAccessAnswer, NodeConfiguration, NodeDocument } from '../../schemas/generated/types'
import { isDataAccessRequest } from '../../schemas/generated/validators'
import type { Handlers } from '../access/handlers'

export interface NodeDependencies {
  /** With the node password, until it was used. */
  configurationOf: (nodeName: string, baseUrl: string, mrnCounter: number | undefined) => Promise<NodeConfiguration>
  /** Returns at once. */
  noteReport: (nodeName: string, header: string) => void
  requestDataAccess: (nodeName: string, reason: string | undefined) => Promise<NodeDocument>
  publicUrl?: string
}

const REPORT_LOWER = REPORT.toLowerCase()
const BODY_BYTES = 16 * 1024
const parseBody = express.json({ limit: BODY_BYTES })

export type NodeRouteName = 'GET /node/configuration' | 'POST /node/data-access'

/** What an accepted facility asks, with its own credentials. */
export function nodeRoutes({
  configurationOf,
  noteReport,
  requestDataAccess,
  publicUrl,
}: NodeDependencies): Handlers<NodeRouteName> {
  return {
    'GET /node/configuration': async ({ node }, request, response) => {
      response.setHeader('Cache-Control', 'no-store')
      const mrnCounter = mrnCounterIn(request.query)
      const text = JSON.stringify(await configurationOf(node.nodeName, baseUrlOf(request, publicUrl), mrnCounter))
      const report = request.headers[REPORT_LOWER]
      if (typeof report === 'string') noteReport(node.nodeName, report)
      const tag = entityTag(text)
      response.setHeader('ETag', tag)
      // Asked every few minutes by every facility, and nearly always the same.
      if (isKnown(tag, request.headers['if-none-match'])) return void response.status(304).end()
      response.type('application/json').send(text)
    },

    'POST /node/data-access': async ({ node }, request, response) => {
      await readBody(parseBody, request, response)
      const { reason } = checked(isDataAccessRequest, request.body ?? {}, 'the data-access request')
      const { dataAccess } = await requestDataAccess(node.nodeName, reason)
      const answer: DataAccessAnswer = {
        status: dataAccess.status,
        ...(dataAccess.reason !== undefined && { reason: dataAccess.reason }),
      }
      response.status(202).json(answer)
    },
  }
}

/** Without it nothing is told: a stock CouchDB that pushes mints nothing. */
function mrnCounterIn({ mrnCounter }: Request['query']): number | undefined {
  if (mrnCounter === undefined) return undefined
  if (typeof mrnCounter === 'string' && /^[0-9]{1,7}$/.test(mrnCounter)) return Number(mrnCounter)
  throw new CodedError('INVALID_REQUEST', `mrnCounter must be a whole number from 0 to ${MAX_COUNTER}.`)
}
