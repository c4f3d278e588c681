import express, { type Request, Router } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { owns } from '../../protocol/owns'
import { isPurposeOfUse, isReason, needsReason, PURPOSES_OF_USE } from '../../protocol/purpose-of-use'
import { checked } from '../../schemas/check'
import type { Asker, ImportList, ImportRequest, ImportTicket } from '../../schemas/generated/types'
import { isImportRequest } from '../../schemas/generated/validators'

export interface ImportRoutesDeps {
  externalId: string
  /** The ticket, on the disk; the one that is open already where the same was asked before. */
  add(request: ImportRequest, asker?: Asker): Promise<ImportTicket>
  get(id: string): Promise<ImportTicket | undefined>
  /** Newest first, from behind the id `before`. */
  list(limit: number, before?: string): Promise<ImportTicket[]>
  /** Throws NOT_FOUND and IMPORT_ENDED. */
  cancel(id: string, asker?: Asker): Promise<ImportTicket>
  /** Who of the facility asks; undefined where that is not known. */
  askerOf(request: Request): Asker | undefined
  /** Something is there to do. */
  wake(): void
}

const MOST_LISTED = 100
const TICKET_ID = /^[0-9A-Z]{26}$/

/** `POST /imports`, `GET /imports`, `GET` and `DELETE /imports/{id}` (contract, section 6). */
export function importRoutes(deps: ImportRoutesDeps): Router {
  const router = Router()

  router.post('/imports', express.json({ limit: '16kb' }), async (request, response) => {
    const asked = readRequest(request.body, deps.externalId)
    const ticket = await deps.add(asked, deps.askerOf(request))
    deps.wake()
    response.status(202).location(`/imports/${ticket.id}`).json(ticket)
  })

  router.get('/imports', async (request, response) => {
    const { limit, before } = pageOf(request.query)
    // One more than is shown tells whether there are more.
    const found = await deps.list(limit + 1, before)
    const imports = found.slice(0, limit)
    const last = imports.at(-1)
    response.setHeader('Cache-Control', 'no-store')
    response.json({ imports, ...(found.length > limit && last && { next: last.id }) } satisfies ImportList)
  })

  router.get('/imports/:id', async (request, response) => {
    const ticket = await deps.get(request.params.id)
    if (!ticket)
      throw new CodedError('NOT_FOUND', 'There is no import of this id; finished ones are forgotten in time.')
    response.json(ticket)
  })

  router.delete('/imports/:id', async (request, response) => {
    response.json(await deps.cancel(request.params.id, deps.askerOf(request)))
  })

  return router
}

function pageOf({ limit = String(MOST_LISTED), before }: Request['query']): { limit: number; before?: string } {
  const count = Number(limit)
  if (!Number.isInteger(count) || count < 1 || count > MOST_LISTED)
    throw new CodedError('INVALID_REQUEST', `limit must be a whole number from 1 to ${MOST_LISTED}.`)
  if (before === undefined) return { limit: count }
  if (typeof before !== 'string' || !TICKET_ID.test(before))
    throw new CodedError('INVALID_REQUEST', 'before must be the `next` of an earlier page.')
  return { limit: count, before }
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
