import express, { Router } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { owns } from '../../protocol/owns'
import { isPurposeOfUse, isReason, needsReason, PURPOSES_OF_USE } from '../../protocol/purpose-of-use'
import { checked } from '../../schemas/check'
import type { ImportList, ImportRequest, ImportTicket } from '../../schemas/generated/types'
import { isImportRequest } from '../../schemas/generated/validators'

export interface ImportRoutesDeps {
  externalId: string
  /** The ticket, on the disk; the one that is open already where the same was asked before. */
  add(request: ImportRequest): Promise<ImportTicket>
  get(id: string): Promise<ImportTicket | undefined>
  /** Newest first. */
  list(limit: number): Promise<ImportTicket[]>
  /** Something is there to do. */
  wake(): void
}

const MOST_LISTED = 100

/** `POST /imports`, `GET /imports`, `GET /imports/{id}` (contract, section 6). */
export function importRoutes(deps: ImportRoutesDeps): Router {
  const router = Router()

  router.post('/imports', express.json({ limit: '16kb' }), async (request, response) => {
    const asked = readRequest(request.body, deps.externalId)
    const ticket = await deps.add(asked)
    deps.wake()
    response.status(202).location(`/imports/${ticket.id}`).json(ticket)
  })

  router.get('/imports', async (_request, response) => {
    response.json({ imports: await deps.list(MOST_LISTED) } satisfies ImportList)
  })

  router.get('/imports/:id', async (request, response) => {
    const ticket = await deps.get(request.params.id)
    if (!ticket)
      throw new CodedError('NOT_FOUND', 'There is no import of this id; finished ones are forgotten in time.')
    response.json(ticket)
  })

  return router
}

function readRequest(body: unknown, externalId: string): ImportRequest {
  if (body === undefined) throw new CodedError('UNSUPPORTED_MEDIA_TYPE', 'The body must be application/json.')
  const asked = checked(isImportRequest, body, 'the request')
  const purpose = asked.purpose ?? 'TREAT'
  if (owns(externalId, asked.mrn)) {
    throw new CodedError('INVALID_REQUEST', 'mrn is one of this facility, which has the record itself.')
  }
  if (!isPurposeOfUse(purpose)) {
    throw new CodedError('PURPOSE_INVALID', `purpose must be one of ${Object.keys(PURPOSES_OF_USE).join(', ')}.`)
  }
  if (needsReason(purpose) && asked.reason === undefined) {
    throw new CodedError('PURPOSE_INVALID', `${purpose} needs a reason that says why.`)
  }
  if (asked.reason !== undefined && !isReason(asked.reason)) {
    throw new CodedError('INVALID_REQUEST', 'reason must be one line of 1 to 500 characters.')
  }
  return asked
}
