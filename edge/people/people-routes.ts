import { Router } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { readBody } from '../../runtime/read-body'
import { checked } from '../../schemas/check'
import type { AppTokenList, KeptPerson, PersonList, PersonSummary } from '../../schemas/generated/types'
import { isAppTokenRequest, isPersonChange, isPersonRequest } from '../../schemas/generated/validators'
import { callerOf } from './caller'
import { parseSmall, refuseOtherPages, type SessionRoutesDeps, startSession } from './session-routes'
import type { Tokens } from './tokens'

export interface PeopleRoutesDeps extends SessionRoutesDeps {
  readonly tokens: Tokens
  /** Makes the person's own resource. */
  readonly onAdded: (person: KeptPerson) => Promise<void>
}

/** Accounts and tokens, for admins; the guard has looked who asks. */
export function peopleRoutes(deps: PeopleRoutesDeps): Router {
  const { people, signIn, tokens, onAdded } = deps
  const router = Router({ caseSensitive: true })
  const summaryOf = ({ name, fullName, role, isDisabled, createdAt, lastSignInAt }: KeptPerson): PersonSummary => {
    const lockedUntil = signIn.lockedUntil(name)?.toISOString()
    return {
      ...{ name, fullName, role, isDisabled, createdAt },
      ...(lastSignInAt !== undefined && { lastSignInAt }),
      ...(lockedUntil !== undefined && { lockedUntil }),
    }
  }

  router.get('/app/people', (_request, response) => {
    response.json({ people: people.all().map(summaryOf) } satisfies PersonList)
  })

  router.post('/app/people', async (request, response) => {
    refuseOtherPages(request)
    await readBody(parseSmall, request, response)
    const isFirst = people.isOpen
    const person = await people.add(checked(isPersonRequest, request.body ?? {}, 'the person'))
    await onAdded(person)
    // Whoever made the first account sits here, and is that admin.
    if (isFirst) return startSession(request, response.status(201), person.name, deps)
    response.status(201).json(summaryOf(person))
  })

  router.put('/app/people/:name', async (request, response) => {
    await readBody(parseSmall, request, response)
    const change = checked(isPersonChange, request.body ?? {}, 'the change')
    const person = await people.change(request.params.name, change)
    if (change.password !== undefined) signIn.unlock(person.name)
    response.json(summaryOf(person))
  })

  router.get('/app/tokens', (_request, response) => {
    response.json({ tokens: tokens.all() } satisfies AppTokenList)
  })

  router.post('/app/tokens', async (request, response) => {
    if (people.isOpen) throw new CodedError('FORBIDDEN', 'A token is made by an admin; make the first account first.')
    await readBody(parseSmall, request, response)
    const asked = checked(isAppTokenRequest, request.body ?? {}, 'the token')
    response.setHeader('Cache-Control', 'no-store')
    response.status(201).json(await tokens.make(asked, callerOf(request)?.name ?? 'local'))
  })

  router.delete('/app/tokens/:id', async (request, response) => {
    await tokens.revoke(request.params.id)
    response.status(204).end()
  })

  return router
}
