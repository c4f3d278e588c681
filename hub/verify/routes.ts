import express from 'express'
import { CodedError } from '../../protocol/error-codes'
import { isNodeName } from '../../protocol/node-name'
import { readBody } from '../../runtime/read-body'
import { sendCompressed } from '../../runtime/send-compressed'
import { checked } from '../../schemas/check'
import type { Receipt, ReceiptKey } from '../../schemas/generated/types'
import { isVerifyRequest } from '../../schemas/generated/validators'
import type { Handlers } from '../access/handlers'
import { type AnswerVerifyDeps, answerVerify } from './answer-verify'

export interface VerifyRoutesDeps extends AnswerVerifyDeps {
  receiptOf: (nodeName: string) => Promise<Receipt | undefined>
}

export type VerifyRouteName = 'POST /node/verify' | 'GET /receipt-key' | 'GET /operator/nodes/:nodeName/receipt'

/** What a body may unpack to: the ids of a few thousand deleted documents. */
const BODY_BYTES = 4 * 1024 * 1024
/** Each reads tens of thousands of rows, so that a few of them are enough for a gateway and its database. */
const MOST_AT_ONCE = 4
const RETRY_AFTER_SECONDS = 15

/** By which a facility finds out that the hub has all its documents, and operators that it has found so. */
export function verifyRoutes({ receiptOf, ...deps }: VerifyRoutesDeps): Handlers<VerifyRouteName> {
  const parse = express.json({ type: () => true, limit: BODY_BYTES })
  let underWay = 0
  return {
    'POST /node/verify': async ({ node }, request, response) => {
      await readBody(parse, request, response)
      const asked = checked(isVerifyRequest, request.body, 'the request')
      if (underWay >= MOST_AT_ONCE) {
        response.setHeader('Retry-After', RETRY_AFTER_SECONDS)
        throw new CodedError('OVERLOADED', 'Other facilities are verifying now; try again in a moment.')
      }
      underWay++
      try {
        const answer = await answerVerify(node, asked, deps)
        response.setHeader('Content-Type', 'application/json')
        response.setHeader('Cache-Control', 'no-store')
        await sendCompressed(request, response, JSON.stringify(answer))
      } finally {
        underWay--
      }
    },

    'GET /receipt-key': async (_nobody, _request, response) => {
      const { publicKey, earlier } = await deps.keys()
      const key: ReceiptKey = { hubId: deps.hubId, algorithm: 'Ed25519', publicKey, earlier: [...earlier] }
      response.json(key)
    },

    'GET /operator/nodes/:nodeName/receipt': async (_operator, { params }, response) => {
      const { nodeName = '' } = params as { nodeName?: string }
      const receipt = isNodeName(nodeName) ? await receiptOf(nodeName) : undefined
      if (!receipt) throw new CodedError('NOT_FOUND', 'This facility has no receipt yet.')
      response.json(receipt)
    },
  }
}
