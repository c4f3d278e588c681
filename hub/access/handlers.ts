import type { Request, Response } from 'express'
import type { Caller } from './caller'
import type { Proof, ROUTES, RouteName } from './table'

/** What a row's proof makes of a caller. Who signs is known only to the route, which looks itself. */
interface Proven {
  nothing: Extract<Caller, { kind: 'nobody' }>
  claim: Extract<Caller, { kind: 'pending' }>
  'node password': Extract<Caller, { kind: 'node' }>
  operator: Extract<Caller, { kind: 'operator' }>
  signature: Extract<Caller, { kind: 'nobody' }>
  'metrics token': Extract<Caller, { kind: 'metrics' }>
}

export type CallerWith<P extends Proof> = Proven[P]

export type CallerAt<R extends RouteName> = CallerWith<(typeof ROUTES)[R]['proof']>

/** Called for whom the row lets through, and for nobody else. */
export type Handler<C extends Caller = Caller> = (
  caller: C,
  request: Request,
  response: Response,
) => void | Promise<void>

/** One handler for each row. A feature gives its own: `Handlers<'POST /node/verify' | 'GET /receipt-key'>`. */
export type Handlers<R extends RouteName = RouteName> = { readonly [name in R]: Handler<CallerAt<name>> }
