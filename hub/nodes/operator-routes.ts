import express, { type Request } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { readBody } from '../../runtime/read-body'
import { checked } from '../../schemas/check'
import type { NodeList, NodeReport, RegistrationList } from '../../schemas/generated/types'
import {
  isBudget,
  isDataAccessAcceptance,
  isDistrictRequest,
  isRejectAllRequest,
  isRejectRequest,
  isRotateRequest,
  isSuspendRequest,
} from '../../schemas/generated/validators'
import type { Caller } from '../access/caller'
import type { Handler, Handlers } from '../access/handlers'
import { queryOf } from '../access/query-of'
import { acceptRegistration } from './accept-registration'
import { resumeNode, rotateSecrets, suspendNode } from './change-node-state'
import { acceptDataAccess, rejectDataAccess } from './data-access'
import { nodeSummary, registrationList } from './lists'
import { nodeDetail } from './node-detail'
import type { NodeStores } from './node-stores'
import { registrationSummary } from './registrations'
import { rejectAll } from './reject-all'
import { rejectRegistration } from './reject-registration'
import { reopenNode } from './reopen-node'
import { setBudget } from './set-budget'
import { setDistrict } from './set-district'

export interface OperatorDependencies {
  stores: NodeStores
  listNodes: () => Promise<NodeList>
  seenAt: (nodeName: string) => Promise<string | undefined>
  reportOf: (nodeName: string) => Promise<NodeReport | undefined>
  /** Told of each decision about a registration. */
  registered: (outcome: 'accepted' | 'rejected') => void
  /** How long the old credentials work beside new ones. */
  overlapMs: number
}

export type OperatorRouteName =
  | 'GET /operator/registrations'
  | 'POST /operator/registrations/:id/accept'
  | 'POST /operator/registrations/:id/reject'
  | 'POST /operator/registrations/reject'
  | 'GET /operator/nodes'
  | 'GET /operator/nodes/:nodeName'
  | 'POST /operator/nodes/:nodeName/suspend'
  | 'POST /operator/nodes/:nodeName/resume'
  | 'POST /operator/nodes/:nodeName/rotate'
  | 'POST /operator/nodes/:nodeName/reopen'
  | 'PUT /operator/nodes/:nodeName/budget'
  | 'POST /operator/nodes/:nodeName/data-access/accept'
  | 'PUT /operator/nodes/:nodeName/district'
  | 'POST /operator/nodes/:nodeName/data-access/reject'

const BODY_BYTES = 16 * 1024
const parseBody = express.json({ limit: BODY_BYTES })

/** What the operators of the ministry see and decide. Every decision is audited before it is done. */
export function operatorRoutes({
  stores,
  listNodes,
  registered,
  overlapMs,
  ...of
}: OperatorDependencies): Handlers<OperatorRouteName> {
  return {
    'GET /operator/registrations': async (_operator, request, response) => {
      const { status } = queryOf(request, ['status'])
      const list: RegistrationList = { registrations: await registrationList(stores, status) }
      response.json(list)
    },
    'POST /operator/registrations/:id/accept': decision(async ({ id, operator }) => {
      const registration = await acceptRegistration(id, operator, stores)
      registered('accepted')
      return registrationSummary(registration)
    }),
    'POST /operator/registrations/:id/reject': decision(async ({ id, operator, body }) => {
      const { reason } = checked(isRejectRequest, body, 'the rejection')
      const registration = await rejectRegistration(id, reason, operator, stores)
      registered('rejected')
      return registrationSummary(registration)
    }),
    'POST /operator/registrations/reject': decision(async ({ operator, body }) => {
      const result = await rejectAll(checked(isRejectAllRequest, body, 'the rejection'), operator, stores)
      for (const _each of result.rejected) registered('rejected')
      return result
    }),

    'GET /operator/nodes': async (_operator, _request, response) => {
      response.json(await listNodes())
    },
    'GET /operator/nodes/:nodeName': async (_operator, { params }, response) => {
      const { nodeName = '' } = params as { nodeName?: string }
      response.json(await nodeDetail(nodeName, stores.nodes, of))
    },
    'POST /operator/nodes/:nodeName/suspend': decision(async ({ nodeName, operator, body }) => {
      const { reason } = checked(isSuspendRequest, body, 'the suspension')
      return nodeSummary(await suspendNode(nodeName, reason, operator, stores))
    }),
    'POST /operator/nodes/:nodeName/resume': decision(async ({ nodeName, operator }) =>
      nodeSummary(await resumeNode(nodeName, operator, stores)),
    ),
    'POST /operator/nodes/:nodeName/rotate': decision(async ({ nodeName, operator, body, query }) => {
      const overlap = asksForOverlap(body, query)
      return nodeSummary(await rotateSecrets(nodeName, overlap ? overlapMs : 0, operator, stores))
    }),
    'POST /operator/nodes/:nodeName/reopen': decision(async ({ nodeName, operator }) => {
      const reopened = await reopenNode(nodeName, operator, stores)
      return reopened.kind === 'node' ? nodeSummary(reopened) : registrationSummary(reopened)
    }),
    'PUT /operator/nodes/:nodeName/district': decision(async ({ nodeName, operator, body }) => {
      const { district } = checked(isDistrictRequest, body, 'the district')
      return nodeSummary(await setDistrict(nodeName, district, operator, stores))
    }),
    'PUT /operator/nodes/:nodeName/budget': decision(async ({ nodeName, operator, body }) =>
      nodeSummary(await setBudget(nodeName, checked(isBudget, body, 'the budget'), operator, stores)),
    ),
    'POST /operator/nodes/:nodeName/data-access/accept': decision(async ({ nodeName, operator, body }) => {
      const options = checked(isDataAccessAcceptance, body, 'the acceptance')
      return nodeSummary(await acceptDataAccess(nodeName, options, operator, stores))
    }),
    'POST /operator/nodes/:nodeName/data-access/reject': decision(async ({ nodeName, operator, body }) => {
      const { reason } = checked(isRejectRequest, body, 'the rejection')
      return nodeSummary(await rejectDataAccess(nodeName, reason, operator, stores))
    }),
  }
}

interface Asked {
  id: string
  nodeName: string
  /** The account's name, for the audit. */
  operator: string
  body: unknown
  query: Request['query']
}

function decision(decide: (asked: Asked) => Promise<unknown>): Handler<Extract<Caller, { kind: 'operator' }>> {
  return async ({ name: operator }, request, response) => {
    await readBody(parseBody, request, response)
    const { id = '', nodeName = '' } = request.params as { id?: string; nodeName?: string }
    response.json(await decide({ id, nodeName, operator, body: request.body ?? {}, query: request.query }))
  }
}

/**
 * Without a word the old credentials end at once, as ever: whoever rotates because a password is known relies on it. `?now=true`
 * says so aloud.
 */
function asksForOverlap(body: unknown, { now, ...more }: Request['query']): boolean {
  const { overlap = false } = checked(isRotateRequest, body, 'the rotation')
  if (Object.keys(more).length > 0 || (now !== undefined && now !== 'true') || (now === 'true' && overlap)) {
    throw new CodedError('INVALID_REQUEST', 'The query may hold now=true, which goes with no overlap.')
  }
  return overlap
}
