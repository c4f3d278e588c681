import type { RouteName } from '../../../hub/access/table'

export interface Example {
  /** Path and query, as they are on the request line; `{id}` is a registration whose claim the pending facility has. */
  readonly target: string
  readonly body?: unknown
  /** What whoever is let in may be answered. The deeds are aimed at what is not there, so that all can try them. */
  readonly statuses: readonly number[]
}

const NO_REGISTRATION = 'a'.repeat(26)
const MRN = '10100000018'

/** A request for each row of the table; a row without one does not compile. */
export const EXAMPLES: Readonly<Record<RouteName, Example>> = {
  'GET /healthz': { target: '/healthz', statuses: [200] },
  'GET /readyz': { target: '/readyz', statuses: [200] },
  'GET /metrics': { target: '/metrics', statuses: [200] },
  'GET /openapi.json': { target: '/openapi.json', statuses: [200] },

  'POST /registrations': {
    target: '/registrations',
    body: { externalId: '999', name: 'Walker', claimHash: '9'.repeat(64) },
    statuses: [200, 201],
  },
  'GET /registrations/:id': { target: '/registrations/{id}', statuses: [200] },

  'GET /node/configuration': { target: '/node/configuration', statuses: [200] },
  'POST /node/data-access': { target: '/node/data-access', body: {}, statuses: [202] },
  'POST /node/verify': { target: '/node/verify', body: { ranges: [] }, statuses: [200] },
  'GET /node/disclosures': { target: '/node/disclosures', statuses: [200] },
  'GET /receipt-key': { target: '/receipt-key', statuses: [200] },

  'GET /fhir/Patient/:mrn/$everything': { target: `/fhir/Patient/${MRN}/$everything`, statuses: [404] },

  'GET /': { target: '/', statuses: [200] },
  'GET /sync': { target: '/sync', statuses: [200] },
  'GET /sync/ehr': { target: '/sync/ehr', statuses: [200] },
  'POST /sync/ehr/_revs_diff': { target: '/sync/ehr/_revs_diff', body: {}, statuses: [200] },
  'POST /sync/ehr/_bulk_docs': { target: '/sync/ehr/_bulk_docs', body: { docs: [] }, statuses: [201] },
  'GET /sync/ehr/_local/:id': { target: '/sync/ehr/_local/none', statuses: [404] },
  'PUT /sync/ehr/_local/:id': { target: '/sync/ehr/_local/walk', body: { seq: 1 }, statuses: [201, 409] },

  'GET /operator/registrations': { target: '/operator/registrations', statuses: [200] },
  'POST /operator/registrations/:id/accept': {
    target: `/operator/registrations/${NO_REGISTRATION}/accept`,
    body: {},
    statuses: [404],
  },
  'POST /operator/registrations/:id/reject': {
    target: `/operator/registrations/${NO_REGISTRATION}/reject`,
    body: { reason: 'x' },
    statuses: [404],
  },
  'POST /operator/registrations/reject': { target: '/operator/registrations/reject', body: {}, statuses: [400] },
  'GET /operator/btg': { target: '/operator/btg', statuses: [200] },
  'POST /operator/btg/:auditId/review': {
    target: '/operator/btg/node-888%3Anone/review',
    body: { finding: 'x' },
    statuses: [404],
  },
  'GET /operator/statistics/:measure': { target: '/operator/statistics/visits?by=facility', statuses: [200] },
  'GET /operator/records/:mrn': { target: `/operator/records/${MRN}`, statuses: [400] },
  'GET /operator/nodes': { target: '/operator/nodes', statuses: [200] },
  'GET /operator/nodes/:nodeName': { target: '/operator/nodes/node-888', statuses: [404] },
  'GET /operator/nodes/:nodeName/series': { target: '/operator/nodes/node-888/series', statuses: [404] },
  'GET /operator/nodes/:nodeName/configurations': {
    target: '/operator/nodes/node-888/configurations',
    statuses: [404],
  },
  'GET /operator/nodes/:nodeName/receipt': { target: '/operator/nodes/node-888/receipt', statuses: [404] },
  'POST /operator/nodes/:nodeName/suspend': ofNobody('suspend', { reason: 'x' }),
  'POST /operator/nodes/:nodeName/resume': ofNobody('resume'),
  'POST /operator/nodes/:nodeName/rotate': ofNobody('rotate'),
  'POST /operator/nodes/:nodeName/reopen': ofNobody('reopen'),
  'PUT /operator/nodes/:nodeName/district': ofNobody('district', { district: 'Alor' }),
  'PUT /operator/nodes/:nodeName/budget': ofNobody('budget'),
  'PUT /operator/nodes/:nodeName/configuration': ofNobody('configuration', { sync: {} }),
  'POST /operator/nodes/:nodeName/configurations/:version/restore': ofNobody('configurations/1/restore'),
  'POST /operator/nodes/:nodeName/refused/retry': ofNobody('refused/retry'),
  'POST /operator/nodes/:nodeName/data-access/accept': ofNobody('data-access/accept'),
  'POST /operator/nodes/:nodeName/data-access/reject': ofNobody('data-access/reject', { reason: 'x' }),
  'GET /operator/refused': { target: '/operator/refused?node=node-888', statuses: [200] },
  'GET /operator/refused/reasons': { target: '/operator/refused/reasons', statuses: [200] },
  'POST /operator/refused/retry': { target: '/operator/refused/retry', body: {}, statuses: [400] },
  'GET /operator/today': { target: '/operator/today', statuses: [200] },
  'GET /operator/settings': { target: '/operator/settings', statuses: [200] },
  'POST /operator/rekey': { target: '/operator/rekey', body: {}, statuses: [200] },

  'GET /operator/alerts': { target: '/operator/alerts', statuses: [200] },
  'GET /operator/alert-settings': { target: '/operator/alert-settings', statuses: [200] },
  'PUT /operator/alert-settings': { target: '/operator/alert-settings', body: {}, statuses: [400] },
  'POST /operator/alert-settings/test': { target: '/operator/alert-settings/test', body: {}, statuses: [200] },

  'POST /operator/session': { target: '/operator/session', body: {}, statuses: [400] },
  'GET /operator/session': { target: '/operator/session', statuses: [200] },
  'DELETE /operator/session': { target: '/operator/session', statuses: [204] },
  'GET /operator/operators': { target: '/operator/operators', statuses: [200] },
  'POST /operator/operators': { target: '/operator/operators', body: {}, statuses: [400] },
  'DELETE /operator/operators/:name': { target: '/operator/operators/none', statuses: [404] },
  'POST /operator/operators/:name/password': { target: '/operator/operators/none/password', body: {}, statuses: [400] },
  'POST /operator/operators/:name/role': {
    target: '/operator/operators/none/role',
    body: { role: 'viewer' },
    statuses: [404],
  },
  'POST /operator/operators/:name/unlock': { target: '/operator/operators/none/unlock', body: {}, statuses: [404] },
  // Let in for the own account; of another's the handler refuses it, in words of its own.
  'POST /operator/operators/:name/totp': {
    target: '/operator/operators/none/totp',
    body: { currentPassword: 'x' },
    statuses: [403],
  },
  'PUT /operator/operators/:name/totp': {
    target: '/operator/operators/none/totp',
    body: { code: '000000' },
    statuses: [403],
  },
  'DELETE /operator/operators/:name/totp': { target: '/operator/operators/none/totp', statuses: [404] },

  'GET /operator/audit': { target: '/operator/audit', statuses: [200] },
  'GET /operator/audit/heads': { target: '/operator/audit/heads', statuses: [200] },
  'GET /operator/audit/chains': { target: '/operator/audit/chains', statuses: [200] },
}

function ofNobody(deed: string, body: unknown = {}): Example {
  return { target: `/operator/nodes/node-888/${deed}`, body, statuses: [404] }
}
