import express, { type Request, Router } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { isNodeName } from '../../protocol/node-name'
import { readBody } from '../../runtime/read-body'
import { sendCompressed } from '../../runtime/send-compressed'
import { checked } from '../../schemas/check'
import type { Receipt, ReceiptKey } from '../../schemas/generated/types'
import { isVerifyRequest } from '../../schemas/generated/validators'
import { type AnswerVerifyDeps, answerVerify } from './answer-verify'

export interface VerifyRoutesDeps extends AnswerVerifyDeps {
  /** Throws a CodedError unless an accepted node that is not suspended calls. */
  identify: (request: Request) => Promise<{ nodeName: string; externalId: string }>
  /** Throws UNAUTHENTICATED unless an operator asks. */
  authenticateOperator: (request: Request) => Promise<unknown>
  receiptOf: (nodeName: string) => Promise<Receipt | undefined>
}

/** What a body may unpack to: the ids of a few thousand deleted documents. */
const BODY_BYTES = 4 * 1024 * 1024
/** Each reads tens of thousands of rows, so that a few of them are enough for a gateway and its database. */
const MOST_AT_ONCE = 4
const RETRY_AFTER_SECONDS = 15

/** By which a facility finds out that the hub has all its documents, and operators that it has found so. */
export function verifyRoutes({ identify, authenticateOperator, receiptOf, ...deps }: VerifyRoutesDeps): Router {
  const router = Router({ caseSensitive: true })
  const parse = express.json({ type: () => true, limit: BODY_BYTES })
  let underWay = 0

  router.post('/node/verify', async (request, response) => {
    const node = await identify(request)
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
  })

  router.get('/receipt-key', (_request, response) => {
    const key: ReceiptKey = { hubId: deps.hubId, algorithm: 'Ed25519', publicKey: deps.keys.publicKey }
    response.json(key)
  })

  router.get('/operator/nodes/:nodeName/receipt', async (request, response) => {
    await authenticateOperator(request)
    const { nodeName } = request.params
    const receipt = isNodeName(nodeName) ? await receiptOf(nodeName) : undefined
    if (!receipt) throw new CodedError('NOT_FOUND', 'This facility has no receipt yet.')
    response.setHeader('Cache-Control', 'no-store')
    response.json(receipt)
  })
  return router
}
