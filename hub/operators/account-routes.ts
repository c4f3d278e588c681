import express, { type Request, type Response } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { readBody } from '../../runtime/read-body'
import { checked } from '../../schemas/check'
import type { OperatorList } from '../../schemas/generated/types'
import {
  isOperatorRequest,
  isOwnPassword,
  isPasswordChange,
  isRoleChange,
  isTotpCode,
  isTotpRequest,
} from '../../schemas/generated/validators'
import type { CallerAt, Handlers } from '../access/handlers'
import { type Site, withoutPrompt } from './authenticate-operator'
import type { CheckCredentials } from './check-credentials'
import {
  addOperator,
  changePassword,
  changeRole,
  listOperators,
  removeOperator,
  unlockOperator,
} from './manage-accounts'
import { beginTotp, confirmTotp, dropTotp, type TotpParts } from './manage-totp'

export interface AccountRoutesParts extends TotpParts {
  readonly check: CheckCredentials
  readonly site: Site
}

export type AccountRouteName =
  | 'GET /operator/operators'
  | 'POST /operator/operators'
  | 'POST /operator/operators/:name/password'
  | 'POST /operator/operators/:name/role'
  | 'POST /operator/operators/:name/unlock'
  | 'POST /operator/operators/:name/totp'
  | 'PUT /operator/operators/:name/totp'
  | 'DELETE /operator/operators/:name/totp'
  | 'DELETE /operator/operators/:name'

type Operator = CallerAt<'POST /operator/operators/:name/password'>

const BODY_BYTES = 4 * 1024
const parse = express.json({ limit: BODY_BYTES })

/** The accounts of persons. Everybody may change the own password and second factor; the rest is for operators. */
export function accountRoutes(parts: AccountRoutesParts): Handlers<AccountRouteName> {
  /** Whoever has found an open session shall not make it his own: the own password has to be shown. */
  const confirm = async (caller: Operator, request: Request, password = '') => {
    const address = parts.site.addressOf(request)
    const checking = parts.check({ name: caller.name, password, address, via: 'confirmation' })
    await (caller.via === 'session' ? checking.catch(withoutPrompt) : checking)
  }
  /** With Basic it was shown a moment ago. */
  const confirmSession = async (caller: Operator, request: Request, password: string | undefined) => {
    if (caller.via === 'session') await confirm(caller, request, password)
  }
  /** As `confirmSession`, where the body says nothing else. */
  const confirmAlone = async (caller: Operator, request: Request, response: Response) => {
    const { currentPassword } = checked(isOwnPassword, await bodyOf(request, response), 'the request')
    await confirmSession(caller, request, currentPassword)
  }
  return {
    'GET /operator/operators': async (_caller, _request, response) => {
      const list: OperatorList = { operators: await listOperators(parts) }
      response.json(list)
    },
    'POST /operator/operators': async (caller, request, response) => {
      const asked = checked(isOperatorRequest, await bodyOf(request, response), 'the operator')
      await confirmSession(caller, request, asked.currentPassword)
      response.status(201).json(await addOperator(asked, caller.name, parts))
    },
    'POST /operator/operators/:name/password': async (caller, request, response) => {
      const asked = checked(isPasswordChange, await bodyOf(request, response), 'the change')
      const name = nameIn(request)
      if (name !== caller.name && caller.role !== 'operator') {
        throw new CodedError('FORBIDDEN', 'Only an operator may change the password of another.')
      }
      await parts.accounts.existing(name)
      const confirmed = name === caller.name ? confirm : confirmSession
      await confirmed(caller, request, asked.currentPassword)
      response.json(await changePassword(name, asked.password, caller.name, parts))
    },
    'POST /operator/operators/:name/role': async (caller, request, response) => {
      const { role, currentPassword } = checked(isRoleChange, await bodyOf(request, response), 'the change')
      await confirmSession(caller, request, currentPassword)
      response.json(await changeRole(nameIn(request), role, caller.name, parts))
    },
    'POST /operator/operators/:name/unlock': async (caller, request, response) => {
      await confirmAlone(caller, request, response)
      response.json(await unlockOperator(nameIn(request), caller.name, parts))
    },
    'POST /operator/operators/:name/totp': async (caller, request, response) => {
      const { currentPassword } = checked(isTotpRequest, await bodyOf(request, response), 'the request')
      const { name } = await parts.accounts.existing(ownName(caller, request))
      await confirm(caller, request, currentPassword)
      response.json(await beginTotp(name, parts))
    },
    'PUT /operator/operators/:name/totp': async (caller, request, response) => {
      const { code } = checked(isTotpCode, await bodyOf(request, response), 'the code')
      response.json(await confirmTotp(ownName(caller, request), code, parts))
    },
    'DELETE /operator/operators/:name/totp': async (caller, request, response) => {
      await confirmAlone(caller, request, response)
      response.json(await dropTotp(nameIn(request), caller.name, parts))
    },
    'DELETE /operator/operators/:name': async (caller, request, response) => {
      await confirmAlone(caller, request, response)
      await removeOperator(nameIn(request), caller.name, parts)
      response.status(204).end()
    },
  }
}

async function bodyOf(request: Request, response: Response): Promise<unknown> {
  await readBody(parse, request, response)
  return request.body ?? {}
}

function nameIn({ params }: Request): string {
  const { name = '' } = params as { name?: string }
  return name
}

function ownName(caller: Operator, request: Request): string {
  const name = nameIn(request)
  if (name === caller.name) return name
  throw new CodedError('FORBIDDEN', 'A second factor is begun by whoever will have it.')
}
