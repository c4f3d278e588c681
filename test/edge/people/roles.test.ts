import { areaOf, MAY, mayDo } from '../../../edge/people/roles'
import { OpenApi } from '../../docs/documented'

const ROLES = ['registrar', 'clinician', 'admin'] as const

/** Every operation of the edge, and who may call it. What is not here must not be served. */
const WHO: Readonly<Record<string, string>> = {
  'GET /healthz': 'anybody',
  'GET /readyz': 'anybody',
  'GET /openapi.json': 'anybody',
  'GET /metrics': 'anybody',
  'GET /app/session': 'anybody',
  'POST /app/session': 'anybody',
  'PUT /app/session': 'anybody',
  'DELETE /app/session': 'anybody',
  'PUT /app/session/password': 'anybody',
  'GET /status': 'registrar clinician admin',
  'GET /status/stream': 'registrar clinician admin',
  'GET /refused': 'registrar clinician admin',
  'GET /verify': 'registrar clinician admin',
  'POST /verify': 'registrar clinician admin',
  'GET /app/changes': 'registrar clinician admin',
  'GET /app/about': 'registrar clinician admin',
  'GET /app/budget': 'registrar clinician admin',
  'GET /app/drafts': 'registrar clinician admin',
  'GET /app/drafts/{id}': 'registrar clinician admin',
  'PUT /app/drafts/{id}': 'registrar clinician admin',
  'DELETE /app/drafts/{id}': 'registrar clinician admin',
  'GET /app/patients': 'registrar clinician admin',
  'POST /app/duplicates': 'registrar clinician admin',
  'GET /app/documents/{type}/{id}/{number}': 'clinician admin',
  'GET /disclosures': 'clinician admin',
  'POST /disclosures/refresh': 'clinician admin',
  'GET /imports': 'clinician admin',
  'POST /imports': 'clinician admin',
  'GET /imports/{id}': 'clinician admin',
  'DELETE /imports/{id}': 'clinician admin',
  'POST /data-access': 'admin',
  'POST /refused/retry': 'admin',
  'POST /registration': 'admin',
  'POST /load': 'admin',
  'PUT /app/budget': 'admin',
  'GET /app/backups': 'admin',
  'POST /app/backups': 'admin',
  'DELETE /app/backups': 'admin',
  'POST /app/backups/downloads': 'admin',
  'GET /app/backups/downloads/{id}': 'admin',
  'GET /app/people': 'admin',
  'POST /app/people': 'admin',
  'PUT /app/people/{name}': 'admin',
  'GET /app/tokens': 'admin',
  'POST /app/tokens': 'admin',
  'DELETE /app/tokens/{id}': 'admin',
}

const FHIR: readonly [method: string, path: string, who: string][] = [
  ['GET', '/fhir/metadata', 'registrar clinician admin'],
  ['POST', '/fhir', 'registrar clinician admin'],
  ['GET', '/fhir/Patient', 'registrar clinician admin'],
  ['POST', '/fhir/Patient/_search', 'registrar clinician admin'],
  ['PUT', '/fhir/Patient/10100000018', 'registrar clinician admin'],
  ['GET', '/fhir/Patient/10100000018/_history', 'registrar clinician admin'],
  ['GET', '/fhir/Patient/10100000018/$everything', 'clinician admin'],
  ['GET', '/fhir/Observation', 'clinician admin'],
  ['POST', '/fhir/Observation', 'clinician admin'],
  ['POST', '/fhir/Observation/_search', 'clinician admin'],
  ['DELETE', '/fhir/Condition/10100000018.a', 'clinician admin'],
  ['GET', '/fhir/%50atient', 'clinician admin'],
  ['GET', '/fhir//Observation', 'clinician admin'],
  ['GET', '/fhir/Practitioner', 'registrar clinician admin'],
  ['POST', '/fhir/Practitioner', 'admin'],
  ['PUT', '/fhir/Organization/101.a', 'admin'],
]

function whoMay(method: string, path: string): string {
  const area = areaOf(method, path)
  return area === 'public' ? 'anybody' : ROLES.filter((role) => mayDo(role, area)).join(' ')
}

test('an address that no rule names is for admins alone', () => {
  for (const path of ['/app', '/app/backup', '/APP/session', '/fhirx', '//status', '/app/session/x'])
    expect([path, whoMay('GET', path)]).toEqual([path, 'admin'])
})

const OWN = new OpenApi('openapi-edge.yaml').operations().filter(({ path }) => !path.startsWith('/fhir'))

test.each(OWN.filter(({ name }) => name in WHO))('$name', ({ name, method, path }) => {
  expect(whoMay(method, path.replace(/\{\w+\}/, 'x1'))).toBe(WHO[name])
})

test('every documented operation stands in the table', () => {
  expect(OWN.map(({ name }) => name).filter((name) => !(name in WHO))).toEqual([])
})

test.each(FHIR)('%s %s: %s', (method, path, who) => expect(whoMay(method, path)).toBe(who))

test('each role may what the one before it may', () => {
  const may = ROLES.map((role) => Object.values(MAY[role]).filter(Boolean).length)
  expect(may).toEqual([1, 2, 3])
})
