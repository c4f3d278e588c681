import type { AuditEntry } from '../../schemas/generated/types'
import type { RouteName } from '../access/table'

/** Every route by which an operator changes something. */
export type DeedRoute = Extract<RouteName, `${'POST' | 'PUT' | 'DELETE'} /operator${string}`>

/** What the audit calls it. */
export interface Deed {
  readonly kind: AuditEntry['kind']
  readonly action: string
}

/**
 * Each deed of an operator has an entry of this kind and action, whether it is done or refused; a route without a row does
 * not compile. docs/audit.md has the same list for readers, and a test does each of them.
 */
export const DEEDS: Readonly<Record<DeedRoute, Deed>> = {
  'POST /operator/registrations/:id/accept': { kind: 'registration', action: 'accept' },
  'POST /operator/registrations/:id/reject': { kind: 'registration', action: 'reject' },
  'POST /operator/registrations/reject': { kind: 'registration', action: 'reject' },
  'POST /operator/nodes/:nodeName/suspend': { kind: 'node', action: 'suspend' },
  'POST /operator/nodes/:nodeName/resume': { kind: 'node', action: 'resume' },
  'POST /operator/nodes/:nodeName/rotate': { kind: 'node', action: 'rotate' },
  'POST /operator/nodes/:nodeName/reopen': { kind: 'node', action: 'reopen' },
  'PUT /operator/nodes/:nodeName/district': { kind: 'node', action: 'district' },
  'PUT /operator/nodes/:nodeName/budget': { kind: 'node', action: 'budget' },
  'PUT /operator/nodes/:nodeName/configuration': { kind: 'node', action: 'configuration' },
  'POST /operator/nodes/:nodeName/configurations/:version/restore': { kind: 'node', action: 'restore' },
  'POST /operator/nodes/:nodeName/refused/retry': { kind: 'node', action: 'retry-refused' },
  'POST /operator/refused/retry': { kind: 'node', action: 'retry-refused' },
  'POST /operator/nodes/:nodeName/data-access/accept': { kind: 'data-access', action: 'accept' },
  'POST /operator/nodes/:nodeName/data-access/reject': { kind: 'data-access', action: 'reject' },
  'POST /operator/btg/:auditId/review': { kind: 'consent-review', action: 'review' },
  'POST /operator/rekey': { kind: 'configuration', action: 'rekey' },
  'PUT /operator/alert-settings': { kind: 'configuration', action: 'alert-settings' },
  'POST /operator/alert-settings/test': { kind: 'configuration', action: 'alert-test' },
  'POST /operator/session': { kind: 'sign-in', action: 'sign-in' },
  'DELETE /operator/session': { kind: 'sign-in', action: 'sign-out' },
  'POST /operator/operators': { kind: 'operator', action: 'add' },
  'DELETE /operator/operators/:name': { kind: 'operator', action: 'remove' },
  'POST /operator/operators/:name/password': { kind: 'operator', action: 'password' },
  'POST /operator/operators/:name/role': { kind: 'operator', action: 'role' },
  'POST /operator/operators/:name/unlock': { kind: 'operator', action: 'unlock' },
  'POST /operator/operators/:name/totp': { kind: 'operator', action: 'totp-begin' },
  'PUT /operator/operators/:name/totp': { kind: 'operator', action: 'totp-on' },
  'DELETE /operator/operators/:name/totp': { kind: 'operator', action: 'totp-off' },
}
