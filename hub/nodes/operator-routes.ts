import express, { type Request, type Response, Router } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { checked } from '../../schemas/check'
import type { AuditList, NodeList, RegistrationList } from '../../schemas/generated/types'
import { isBudget, isDataAccessAcceptance, isRejectRequest, isSuspendRequest } from '../../schemas/generated/validators'
import { acceptRegistration } from './accept-registration'
import { resumeNode, rotateSecrets, suspendNode } from './change-node-state'
import { acceptDataAccess, rejectDataAccess } from './data-access'
import { nodeSummary, registrationList } from './lists'
import type { NodeStores } from './node-stores'
import { registrationSummary } from './registrations'
import { rejectRegistration } from './reject-registration'
import { reopenNode } from './reopen-node'
import { setBudget } from './set-budget'

export interface OperatorDependencies {
  /** Throws UNAUTHENTICATED for anybody else. */
  authenticate: (request: Request) => Promise<{ name: string }>
  stores: NodeStores
  listNodes: () => Promise<NodeList>
  listAudit: (query: Record<string, string | undefined>) => Promise<AuditList>
}

const BODY_BYTES = 16 * 1024
const AUDIT_FILTERS = ['mrn', 'node', 'from', 'to', 'limit', 'cursor'] as const

/** What the operators of the ministry see and decide. Every decision is audited before it is done. */
export function operatorRoutes({ authenticate, stores, listNodes, listAudit }: OperatorDependencies): Router {
  const router = Router({ caseSensitive: true })
  const operators = new WeakMap<Request, string>()

  router.use('/operator', async (request, response, next) => {
    operators.set(request, (await authenticate(request)).name)
    response.setHeader('Cache-Control', 'no-store')
    next()
  })
  router.use('/operator', express.json({ limit: BODY_BYTES }))

  const decision = (path: string, decide: (asked: Asked) => Promise<unknown>, method: 'post' | 'put' = 'post') =>
    router[method](`/operator${path}`, async (request: Request, response: Response) => {
      const { id = '', nodeName = '' } = request.params as { id?: string; nodeName?: string }
      const operator = operators.get(request) ?? ''
      response.json(await decide({ id, nodeName, operator, body: request.body ?? {} }))
    })

  router.get('/operator/registrations', async (request, response) => {
    const { status } = queryOf(request, ['status'])
    const list: RegistrationList = { registrations: await registrationList(stores, status) }
    response.json(list)
  })
  decision('/registrations/:id/accept', async ({ id, operator }) =>
    registrationSummary(await acceptRegistration(id, operator, stores)),
  )
  decision('/registrations/:id/reject', async ({ id, operator, body }) => {
    const { reason } = checked(isRejectRequest, body, 'the rejection')
    return registrationSummary(await rejectRegistration(id, reason, operator, stores))
  })

  router.get('/operator/nodes', async (_request, response) => {
    response.json(await listNodes())
  })
  decision('/nodes/:nodeName/suspend', async ({ nodeName, operator, body }) => {
    const { reason } = checked(isSuspendRequest, body, 'the suspension')
    return nodeSummary(await suspendNode(nodeName, reason, operator, stores))
  })
  decision('/nodes/:nodeName/resume', async ({ nodeName, operator }) =>
    nodeSummary(await resumeNode(nodeName, operator, stores)),
  )
  decision('/nodes/:nodeName/rotate', async ({ nodeName, operator }) =>
    nodeSummary(await rotateSecrets(nodeName, operator, stores)),
  )
  decision('/nodes/:nodeName/reopen', async ({ nodeName, operator }) => {
    const reopened = await reopenNode(nodeName, operator, stores)
    return reopened.kind === 'node' ? nodeSummary(reopened) : registrationSummary(reopened)
  })
  decision('/nodes/:nodeName/data-access/accept', async ({ nodeName, operator, body }) => {
    const options = checked(isDataAccessAcceptance, body, 'the acceptance')
    return nodeSummary(await acceptDataAccess(nodeName, options, operator, stores))
  })
  decision('/nodes/:nodeName/data-access/reject', async ({ nodeName, operator, body }) => {
    const { reason } = checked(isRejectRequest, body, 'the rejection')
    return nodeSummary(await rejectDataAccess(nodeName, reason, operator, stores))
  })
  const budget = async ({ nodeName, operator, body }: Asked) =>
    nodeSummary(await setBudget(nodeName, checked(isBudget, body, 'the budget'), operator, stores))
  decision('/nodes/:nodeName/budget', budget, 'put')

  router.get('/operator/audit', async (request, response) => {
    response.json(await listAudit(queryOf(request, AUDIT_FILTERS)))
  })
  return router
}

interface Asked {
  id: string
  nodeName: string
  operator: string
  body: unknown
}

/** Refused, not passed over: a filter that is misspelt would show everything. */
function queryOf(request: Request, names: readonly string[]): Record<string, string | undefined> {
  const query: Record<string, string | undefined> = {}
  for (const [name, value] of Object.entries(request.query)) {
    if (!names.includes(name) || typeof value !== 'string') {
      throw new CodedError('INVALID_REQUEST', `The query may hold ${names.join(', ')}, each once.`)
    }
    if (value !== '') query[name] = value
  }
  return query
}
