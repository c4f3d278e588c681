import { type Request, type RequestHandler, Router } from 'express'
import { CodedError } from '../../protocol/error-codes'
import type { Caller } from './caller'
import type { CallerWith, Handler, Handlers } from './handlers'
import { METHODS } from './methods'
import { refusalAt } from './refusal-at'
import { AREAS, type Proof, partsOf, ROUTES, type RouteName } from './table'

/** How a caller shows who he is. Each throws a CodedError where the request does not show it. */
export type Proofs = {
  readonly [P in Exclude<Proof, 'nothing' | 'signature'>]: (request: Request) => Promise<CallerWith<P>>
}

/** Told of each request that is refused at a row, by the table or by its handler; `caller` is absent where it is not known. */
export type OnRefused = (name: RouteName, caller: Caller | undefined, error: unknown, request: Request) => Promise<void>

/**
 * The table as routes. A handler whose route is not in the table is an error at start.
 *
 * The order is: the rows; then, below an area, who is allowed to learn that an address is none; then, for an address that is
 * there, which methods it takes.
 */
export function accessRouter(
  handlers: Partial<Handlers>,
  proofs: Proofs,
  onRefused: OnRefused = async () => undefined,
): Router {
  const router = Router({ caseSensitive: true })
  for (const name of Object.keys(handlers)) {
    if (!Object.hasOwn(ROUTES, name)) throw new Error(`the route ${name} is not in hub/access/table.ts`)
  }
  for (const name of Object.keys(ROUTES) as RouteName[]) {
    const handler = handlers[name] as Handler | undefined
    if (handler) route(router, name, through(name, handler, proofs, onRefused))
  }
  for (const area of Object.keys(AREAS) as (keyof typeof AREAS)[]) {
    router.use(area, async (request, _response, next) => {
      const refusal = refusalAt(area, await callerBy(AREAS[area].proof, proofs, request))
      if (refusal) throw refusal
      next()
    })
  }
  for (const [path, methods] of Object.entries(METHODS)) router.all(path, takesOnly(methods))
  return router
}

function route(router: Router, name: RouteName, handle: RequestHandler): void {
  const { method, path } = partsOf(name)
  // A signed request of another method is refused by the route, which writes that down under the nonce.
  if (ROUTES[name].proof === 'signature') router.all(path, handle)
  else router[method.toLowerCase() as 'get' | 'post' | 'put' | 'delete'](path, handle)
}

function through(name: RouteName, handler: Handler, proofs: Proofs, onRefused: OnRefused): RequestHandler {
  const { proof } = ROUTES[name]
  if (proof === 'signature') return (request, response) => handler(NOBODY, request, response)
  return async (request, response) => {
    if (proof === 'operator') response.setHeader('Cache-Control', 'no-store')
    let caller: Caller | undefined
    try {
      caller = await callerBy(proof, proofs, request)
      const refusal = refusalAt(name, caller)
      if (refusal) throw refusal
      await handler(caller, request, response)
    } catch (error) {
      const isStranger = error instanceof CodedError && error.status === 401
      if (isStranger && caller === undefined && BEARERS.has(proof)) {
        response.setHeader('WWW-Authenticate', 'Bearer realm="lontar"')
      }
      await onRefused(name, caller, error, request)
      throw error
    }
  }
}

/** RFC 6750, section 3: what a refused caller should have shown. Elsewhere it is Basic, or the route says it. */
const BEARERS: ReadonlySet<Proof> = new Set(['claim', 'metrics token'])

const NOBODY: Caller = { kind: 'nobody' }

async function callerBy(proof: Exclude<Proof, 'signature'>, proofs: Proofs, request: Request): Promise<Caller> {
  return proof === 'nothing' ? NOBODY : proofs[proof](request)
}

/** RFC 9110, section 15.5.6. It looks at nothing else, so it tells no more than the documentation does. */
function takesOnly(methods: readonly string[]): RequestHandler {
  return (_request, response) => {
    response.setHeader('Allow', methods.join(', '))
    throw new CodedError('METHOD_NOT_ALLOWED', 'This address does not take this method.')
  }
}
