import type { ErrorCode } from '../../protocol/error-codes'
import type { Role } from './caller'

/** Let through, or what a caller of this role is told instead. */
export type Verdict = 'in' | ErrorCode

/**
 * What a route looks at to know its caller: nothing else that a request carries counts there. A `signature` is checked by the
 * route itself, since whatever it comes to is written down under its nonce; who signed is then held against the row.
 */
export type Proof = 'nothing' | 'claim' | 'node password' | 'operator' | 'signature' | 'metrics token'

export interface Row<P extends Proof = Proof> {
  readonly proof: P
  readonly cells: Readonly<Record<Role, Verdict>>
}

/** What all are told who are not named beside it. */
function others(verdict: Verdict): Record<Role, Verdict> {
  return {
    nobody: verdict,
    pending: verdict,
    node: verdict,
    'suspended node': verdict,
    'node without data access': verdict,
    operator: verdict,
    viewer: verdict,
    auditor: verdict,
    'metrics reader': verdict,
  }
}

function row<P extends Proof>(proof: P, verdict: Verdict, cells: Partial<Record<Role, Verdict>> = {}): Row<P> {
  return { proof, cells: { ...others(verdict), ...cells } }
}

const STRANGER = 'UNAUTHENTICATED'

const OPEN = row('nothing', 'in')
const CLAIM = row('claim', STRANGER, { pending: 'in' })
const NODE = row('node password', STRANGER, {
  node: 'in',
  'suspended node': 'NODE_SUSPENDED',
  'node without data access': 'in',
})
const IMPORT = row('signature', 'SIGNATURE_MISSING', {
  node: 'in',
  'suspended node': 'NODE_SUSPENDED',
  'node without data access': 'DATA_ACCESS_REQUIRED',
})
/** Changes something: operators alone. */
const DECIDE = row('operator', STRANGER, { operator: 'in', viewer: 'FORBIDDEN', auditor: 'FORBIDDEN' })
const LOOK = row('operator', STRANGER, { operator: 'in', viewer: 'in', auditor: 'FORBIDDEN' })
/** Who did what, and who read whom. */
const AUDIT = row('operator', STRANGER, { operator: 'in', viewer: 'FORBIDDEN', auditor: 'in' })
/** Prometheus, with its token. Where none is set the address is none, for anybody. */
const METRICS = row('metrics token', STRANGER, { 'metrics reader': 'in' })
/** What each of them may: their own session, and to learn that an address is none. */
const OPERATORS = row('operator', STRANGER, { operator: 'in', viewer: 'in', auditor: 'in' })

/**
 * Who may do what (law 7): the routes are made of this table, so what is not in it is not served. Where two paths fit, the
 * earlier one counts. GET stands for HEAD too.
 */
export const ROUTES = {
  'GET /healthz': OPEN,
  'GET /readyz': OPEN,
  'GET /metrics': METRICS,
  'GET /openapi.json': OPEN,

  'POST /registrations': OPEN,
  'GET /registrations/:id': CLAIM,

  'GET /node/configuration': NODE,
  'POST /node/data-access': NODE,
  'POST /node/verify': NODE,
  'GET /node/disclosures': NODE,
  'GET /receipt-key': OPEN,

  'GET /fhir/Patient/:mrn/$everything': IMPORT,

  'GET /': OPEN,
  'GET /sync': OPEN,
  'GET /sync/ehr': NODE,
  'POST /sync/ehr/_revs_diff': NODE,
  'POST /sync/ehr/_bulk_docs': NODE,
  'GET /sync/ehr/_local/:id': NODE,
  'PUT /sync/ehr/_local/:id': NODE,

  'GET /operator/registrations': LOOK,
  'POST /operator/registrations/:id/accept': DECIDE,
  'POST /operator/registrations/:id/reject': DECIDE,
  'POST /operator/registrations/reject': DECIDE,
  'GET /operator/nodes': LOOK,
  'GET /operator/nodes/:nodeName': LOOK,
  'GET /operator/nodes/:nodeName/series': LOOK,
  'GET /operator/nodes/:nodeName/configurations': LOOK,
  'GET /operator/nodes/:nodeName/receipt': LOOK,
  'POST /operator/nodes/:nodeName/suspend': DECIDE,
  'POST /operator/nodes/:nodeName/resume': DECIDE,
  'POST /operator/nodes/:nodeName/rotate': DECIDE,
  'POST /operator/nodes/:nodeName/reopen': DECIDE,
  'PUT /operator/nodes/:nodeName/district': DECIDE,
  'PUT /operator/nodes/:nodeName/budget': DECIDE,
  'PUT /operator/nodes/:nodeName/configuration': DECIDE,
  'POST /operator/nodes/:nodeName/configurations/:version/restore': DECIDE,
  'POST /operator/nodes/:nodeName/refused/retry': DECIDE,
  'POST /operator/nodes/:nodeName/data-access/accept': DECIDE,
  'POST /operator/nodes/:nodeName/data-access/reject': DECIDE,
  'GET /operator/refused': LOOK,
  'GET /operator/refused/reasons': LOOK,
  'POST /operator/refused/retry': DECIDE,
  'GET /operator/today': LOOK,
  'GET /operator/settings': LOOK,
  'POST /operator/rekey': DECIDE,

  'GET /operator/alerts': LOOK,
  'GET /operator/alert-settings': LOOK,
  'PUT /operator/alert-settings': DECIDE,
  'POST /operator/alert-settings/test': DECIDE,

  'GET /operator/session': OPERATORS,
  'POST /operator/session': OPEN,
  'DELETE /operator/session': OPERATORS,
  'GET /operator/operators': LOOK,
  'POST /operator/operators': DECIDE,
  'DELETE /operator/operators/:name': DECIDE,
  // Of the own account, everybody; of another's, an operator: the handler knows whose it is.
  'POST /operator/operators/:name/password': OPERATORS,
  'POST /operator/operators/:name/role': DECIDE,
  'POST /operator/operators/:name/unlock': DECIDE,
  'PUT /operator/operators/:name/totp': OPERATORS,
  'POST /operator/operators/:name/totp': OPERATORS,
  'DELETE /operator/operators/:name/totp': DECIDE,

  'GET /operator/audit': AUDIT,
  'GET /operator/audit/heads': AUDIT,
  'GET /operator/audit/chains': AUDIT,
  'GET /operator/btg': AUDIT,
  'POST /operator/btg/:auditId/review': AUDIT,
  'GET /operator/statistics/:measure': LOOK,
  // A whole record: as a deed, not as a look.
  'GET /operator/records/:mrn': DECIDE,
} as const satisfies Readonly<Record<`${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`, Row>>

export type RouteName = keyof typeof ROUTES

/**
 * What stands for all that is below a path and in no row: whoever is let in learns that there is no such address, or no such
 * method, and nobody else does.
 */
export const AREAS = {
  '/operator': OPERATORS,
  // The console's pages, which hold no data; they ask below /operator.
  '/console': OPEN,
  '/sync': row('node password', STRANGER, {
    node: 'FORBIDDEN',
    'suspended node': 'NODE_SUSPENDED',
    'node without data access': 'FORBIDDEN',
  }),
} as const satisfies Readonly<Record<`/${string}`, Row>>

/** `GET /operator/nodes` in its two parts. */
export function partsOf(name: RouteName): { method: string; path: string } {
  const [method = '', path = ''] = name.split(' ')
  return { method, path }
}
