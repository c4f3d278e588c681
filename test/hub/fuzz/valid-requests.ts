import { randomBytes } from 'node:crypto'
import { partsOf, type RouteName } from '../../../hub/access/table'
import { EXAMPLES } from '../access/examples'
import type { Random } from './random'

/** What was there before the first request. */
export interface Scene {
  /** The registration whose claim the pending facility has. */
  readonly registrationId: string
  /** Registrations that wait, to be decided. */
  readonly waiting: readonly string[]
  readonly operatorPassword: string
}

export interface Valid {
  readonly method: string
  /** Path and query, as they are on the request line. */
  readonly target: string
  readonly body?: unknown
}

/** Nothing of it is needed by those who ask: deeds may end it, or shut it out. */
export const VICTIM = { externalId: 'VICTIM', nodeName: 'node-VICTIM', operator: 'victim' } as const
/** A patient of node-101, with what belongs to her. */
export const MRN = '10100000018'

type Make = (random: Random, scene: Scene) => Omit<Valid, 'method'>

/** Valid requests that reach further than the walk's examples; a route without one here has its example. */
const FURTHER: Partial<Record<RouteName, Make>> = {
  'POST /registrations': (random) => ({
    target: '/registrations',
    body: {
      externalId: `Z${random.below(9)}${random.below(9)}`,
      name: 'Klinik Alor',
      ...(random.chance(0.5) && { group: 'NTT' }),
      claimHash: random.below(4).toString(16).repeat(64),
    },
  }),
  'GET /node/configuration': (random) => ({
    target: `/node/configuration${random.chance(0.5) ? `?mrnCounter=${random.below(100)}` : ''}`,
  }),
  'POST /node/data-access': () => ({ target: '/node/data-access', body: { reason: 'We treat referred patients.' } }),
  'POST /node/verify': (random) => ({
    target: '/node/verify',
    body: {
      ranges: [
        { from: `${MRN}:Observation:a`, to: `${MRN}:Patient`, deleted: [`${MRN}:Observation:gone`] },
        { from: '101:Location:a', to: '101:Location:z', list: random.chance(0.5), except: ['101:Location:b'] },
      ],
      begin: { nonce: randomBytes(16).toString('base64url'), upTo: 7 },
      finish: { count: 1, digest: 'A'.repeat(22) },
    },
  }),
  'GET /fhir/Patient/:mrn/$everything': (random) => ({
    target: `/fhir/Patient/${MRN}/$everything${random.chance(0.3) ? '?_linked=false' : ''}`,
  }),
  'POST /sync/ehr/_revs_diff': (random) => ({
    target: '/sync/ehr/_revs_diff',
    body: {
      [`${MRN}:Patient`]: ['1-a', `2-${random.hex(8)}`],
      '10200000018:Patient': ['1-a'],
      '101:Location:a': ['1-b'],
    },
  }),
  'POST /sync/ehr/_bulk_docs': (random) => ({
    target: '/sync/ehr/_bulk_docs',
    body: { ...(random.chance(0.8) && { new_edits: false }), docs: documents(random) },
  }),
  'GET /sync/ehr/_local/:id': () => ({ target: '/sync/ehr/_local/fuzz' }),
  'PUT /sync/ehr/_local/:id': (random) => ({
    target: `/sync/ehr/_local/fuzz-${random.below(50)}`,
    body: { last_seq: random.below(1000), session_id: random.hex(8), history: [{ recorded: random.below(9) }] },
  }),
  'GET /operator/registrations': (random) => ({
    target: `/operator/registrations?status=${random.pick(['pending', 'accepted', 'rejected'])}`,
  }),
  'POST /operator/registrations/:id/accept': (random, { waiting }) => ({
    target: `/operator/registrations/${random.pick(waiting)}/accept`,
    body: {},
  }),
  'POST /operator/registrations/:id/reject': (random, { waiting }) => ({
    target: `/operator/registrations/${random.pick(waiting)}/reject`,
    body: { reason: 'Another name.' },
  }),
  'POST /operator/registrations/reject': (random, { waiting }) => ({
    target: '/operator/registrations/reject',
    body: { ids: [random.pick(waiting)], reason: 'Another name.' },
  }),
  'GET /operator/nodes/:nodeName/receipt': () => ({ target: '/operator/nodes/node-101/receipt' }),
  'POST /operator/nodes/:nodeName/suspend': () => ofVictim('suspend', { reason: 'Stolen.' }),
  'POST /operator/nodes/:nodeName/resume': () => ofVictim('resume'),
  'POST /operator/nodes/:nodeName/rotate': (random) => ofVictim('rotate', { overlap: random.chance(0.5) }),
  'POST /operator/nodes/:nodeName/reopen': () => ofVictim('reopen'),
  'PUT /operator/nodes/:nodeName/budget': () =>
    ofVictim('budget', { kilobitsPerSecond: 64, megabytesPerDay: 50, hours: '22-06', urgent: 'exempt' }),
  'POST /operator/nodes/:nodeName/data-access/accept': () => ofVictim('data-access/accept', { paperScheme: true }),
  'POST /operator/nodes/:nodeName/data-access/reject': () => ofVictim('data-access/reject', { reason: 'No.' }),
  'GET /operator/refused': () => ({ target: '/operator/refused?node=node-101' }),
  'POST /operator/session': (_random, { operatorPassword }) => ({
    target: '/operator/session',
    body: { name: 'operator', password: operatorPassword, totp: '123456' },
  }),
  'POST /operator/operators': () => ({
    target: '/operator/operators',
    body: { name: 'fuzzed', role: 'viewer', password: 'a long password for the tests' },
  }),
  'DELETE /operator/operators/:name': () => ({ target: '/operator/operators/fuzzed' }),
  'POST /operator/operators/:name/password': () => ({
    target: `/operator/operators/${VICTIM.operator}/password`,
    body: { password: 'another long password for them' },
  }),
  'POST /operator/operators/:name/role': (random) => ({
    target: `/operator/operators/${VICTIM.operator}/role`,
    body: { role: random.pick(['operator', 'viewer', 'auditor']) },
  }),
  'POST /operator/operators/:name/unlock': () => ({
    target: `/operator/operators/${VICTIM.operator}/unlock`,
    body: {},
  }),
  'POST /operator/operators/:name/totp': (_random, { operatorPassword }) => ({
    target: '/operator/operators/operator/totp',
    body: { currentPassword: operatorPassword },
  }),
  'PUT /operator/operators/:name/totp': () => ({
    target: '/operator/operators/operator/totp',
    body: { code: '123456' },
  }),
  'GET /operator/audit': (random) => ({
    target: `/operator/audit?limit=${1 + random.below(20)}&from=2026-01-01&to=2036-01-01T00:00:00Z${random.pick([
      '',
      '&node=node-101',
      `&mrn=${MRN}`,
      '&_format=csv',
      '&_format=ndjson',
      '&_format=fhir',
    ])}`,
  }),
}

/** A valid request of a route; what its caller shows is not in it. */
export function validRequest(name: RouteName, random: Random, scene: Scene): Valid {
  const { method } = partsOf(name)
  const further = FURTHER[name]
  if (further) return { method, ...further(random, scene) }
  const { target, body } = EXAMPLES[name]
  return { method, target: target.replace('{id}', scene.registrationId), body }
}

function ofVictim(deed: string, body: unknown = {}): Omit<Valid, 'method'> {
  return { target: `/operator/nodes/${VICTIM.nodeName}/${deed}`, body }
}

/** Of a facility's own: records, a deletion, a history of several revisions, an attachment. */
function documents(random: Random): unknown[] {
  const local = random.hex(4)
  const at = '2026-01-15T00:00:00.000Z'
  const of = (type: string, resource: object) => ({ type, facility: '101', recordedAt: at, resource })
  const revision = (hash: string) => ({ _rev: `1-${hash}`, _revisions: { start: 1, ids: [hash] } })
  const patient = { ...of('Patient', { resourceType: 'Patient', id: MRN, name: [{ family: 'Lema' }] }), mrn: MRN }
  return [
    { _id: `${MRN}:Patient`, ...revision('a'), ...patient },
    {
      _id: `${MRN}:Observation:o${local}`,
      ...revision(random.hex(32)),
      ...of('Observation', {
        resourceType: 'Observation',
        id: `${MRN}.o${local}`,
        status: 'final',
        code: { text: 'Pulse' },
        subject: { reference: `Patient/${MRN}` },
      }),
      mrn: MRN,
    },
    {
      _id: `101:Location:${local}`,
      _rev: '2-b',
      _revisions: { start: 2, ids: ['b', 'a'] },
      ...of('Location', { resourceType: 'Location', id: `101.${local}`, name: 'Ward' }),
      _attachments: { 'a.txt': { content_type: 'text/plain', data: 'aGVsbG8=' } },
    },
    { _id: '101:Location:gone', ...revision('c'), _deleted: true },
  ].slice(0, 1 + random.below(4))
}
