import express, { type Request, type Response, Router } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { checked } from '../../schemas/check'
import type { Draft, DraftRequest } from '../../schemas/generated/types'
import { isDraftRequest } from '../../schemas/generated/validators'

export interface DraftRoutesDeps {
  /** Whose drafts a request is about. */
  ownerOf(request: Request, response: Response): string
  get(owner: string, id: string): Promise<Draft | undefined>
  keep(owner: string, id: string, draft: DraftRequest): Promise<Draft>
  discard(owner: string, id: string): Promise<void>
  /** The names of others who are at the same form now. */
  othersAt(owner: string, id: string): string[]
}

/** What a browser sends while it closes a page (`keepalive`) is 64 KiB at most. */
const MAX_DRAFT_BYTES = 64 * 1024
const ID = /^[A-Za-z0-9._-]{1,100}$/

/** `GET`, `PUT` and `DELETE /app/drafts/{id}`: what somebody has typed, kept through closed tabs and power cuts. */
export function draftRoutes(deps: DraftRoutesDeps): Router {
  const router = Router({ caseSensitive: true })
  router.get('/app/drafts/:id', async (request, response) => {
    const owner = deps.ownerOf(request, response)
    const id = idOf(request)
    const draft = await deps.get(owner, id)
    response.setHeader('Cache-Control', 'no-store')
    // Most forms are opened with none; browsers show a 404 as an error.
    if (draft) response.json(answerOf(draft, deps.othersAt(owner, id)))
    else response.status(204).end()
  })
  router.put('/app/drafts/:id', express.json({ limit: MAX_DRAFT_BYTES }), async (request, response) => {
    const owner = deps.ownerOf(request, response)
    const id = idOf(request)
    if (request.body === undefined) throw new CodedError('UNSUPPORTED_MEDIA_TYPE', 'The body must be application/json.')
    const kept = await deps.keep(owner, id, checked(isDraftRequest, request.body, 'the draft'))
    response.json(answerOf(kept, deps.othersAt(owner, id)))
  })
  router.delete('/app/drafts/:id', async (request, response) => {
    await deps.discard(deps.ownerOf(request, response), idOf(request))
    response.status(204).end()
  })
  return router
}

function answerOf(draft: Draft, alsoBy: string[]): Draft {
  return alsoBy.length === 0 ? draft : { ...draft, alsoBy }
}

function idOf({ params }: Request<{ id: string }>): string {
  if (!ID.test(params.id))
    throw new CodedError('INVALID_REQUEST', "A draft's name is 1 to 100 letters, digits, dots, hyphens or underscores.")
  return params.id
}
