import type { Request } from 'express'
import type { PersonRole } from '../../schemas/generated/types'

/** Who asks. Undefined where there are no accounts yet. */
export interface Caller {
  readonly kind: 'person' | 'system' | 'machine'
  /** A person's, or a token's id. */
  readonly name: string
  readonly fullName: string
  readonly role: PersonRole
  /** `Practitioner/…`, of a person. */
  readonly practitioner?: string
}

const CALLERS = new WeakMap<object, Caller>()

/** Who the guard found to be asking. */
export function callerOf(request: Request): Caller | undefined {
  return CALLERS.get(request)
}

export function setCaller(request: Request, caller: Caller): void {
  CALLERS.set(request, caller)
}

/** Whoever has a resource of their own here; what another system sends names its people itself. */
export function authorOf(request: Request): { reference: string; display: string } | undefined {
  const caller = callerOf(request)
  return caller?.practitioner === undefined ? undefined : { reference: caller.practitioner, display: caller.fullName }
}

/** Who wants something that is done later. */
export function askerOf(request: Request): Pick<Caller, 'name' | 'fullName'> | undefined {
  const caller = callerOf(request)
  return caller && { name: caller.name, fullName: caller.fullName }
}
