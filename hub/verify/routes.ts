import { CodedError } from '../../protocol/error-codes'
import { isNodeName } from '../../protocol/node-name'
import type { Bodies } from '../../runtime/bodies/bodies'
import { sendCompressed } from '../../runtime/send-compressed'
import type { UntakenAnswers } from '../../runtime/untaken-answers'
import { checked } from '../../schemas/check'
import type { Receipt, ReceiptKey } from '../../schemas/generated/types'
import { isVerifyRequest } from '../../schemas/generated/validators'
import type { Handlers } from '../access/handlers'
import { type AnswerVerifyDeps, answerVerify } from './answer-verify'

export interface VerifyRoutesDeps extends AnswerVerifyDeps {
  receiptOf: (nodeName: string) => Promise<Receipt | undefined>
  bodies: Bodies
  answers: UntakenAnswers
}

export type VerifyRouteName = 'POST /node/verify' | 'GET /receipt-key' | 'GET /operator/nodes/:nodeName/receipt'

/** Each reads tens of thousands of rows, so that a few of them are enough for a gateway and its database. */
const MOST_AT_ONCE = 4
/** An edge asks one after the other; one that was cut off may ask again while the first is still being counted. */
const MOST_OF_ONE = 2
const RETRY_AFTER_SECONDS = 15

/** By which a facility finds out that the hub has all its documents, and operators that it has found so. */
export function verifyRoutes({ receiptOf, bodies, answers, ...deps }: VerifyRoutesDeps): Handlers<VerifyRouteName> {
  const underWay: string[] = []
  return {
    'POST /node/verify': async ({ node }, request, response) => {
      const { nodeName } = node
      const asked = await bodies.json(request, nodeName, async (body) => checked(isVerifyRequest, body, 'the request'))
      const own = underWay.filter((one) => one === nodeName).length
      if (underWay.length >= MOST_AT_ONCE || own >= MOST_OF_ONE) {
        response.setHeader('Retry-After', RETRY_AFTER_SECONDS)
        throw new CodedError('OVERLOADED', 'As much as can be counted at once is being counted; try again in a moment.')
      }
      underWay.push(nodeName)
      try {
        const text = JSON.stringify(await answerVerify(node, asked, deps))
        answers.hold(text, nodeName, response)
        response.setHeader('Content-Type', 'application/json')
        response.setHeader('Cache-Control', 'no-store')
        await sendCompressed(request, response, text)
      } finally {
        underWay.splice(underWay.indexOf(nodeName), 1)
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
