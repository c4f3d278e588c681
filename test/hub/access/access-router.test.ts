import express, { Router } from 'express'
import { accessRouter, type Proofs } from '../../../hub/access/access-router'
import { type Caller, ROLES, type Role, roleOf } from '../../../hub/access/caller'
import { checkRoutes } from '../../../hub/access/check-routes'
import type { Handlers } from '../../../hub/access/handlers'
import { refusalAt, refusalOfSigner } from '../../../hub/access/refusal-at'
import { AREAS, ROUTES, type RouteName, type Row } from '../../../hub/access/table'
import { CodedError } from '../../../protocol/error-codes'
import { nodeDocument } from '../import/hub-of-fakes'

const NAMES = Object.keys(ROUTES) as RouteName[]
const unasked: Proofs = {
  claim: () => Promise.reject(new CodedError('UNAUTHENTICATED', 'Nobody.')),
  'node password': () => Promise.reject(new CodedError('UNAUTHENTICATED', 'Nobody.')),
  operator: () => Promise.reject(new CodedError('UNAUTHENTICATED', 'Nobody.')),
  'metrics token': () => Promise.reject(new CodedError('UNAUTHENTICATED', 'Nobody.')),
}
const all = Object.fromEntries(NAMES.map((name) => [name, () => undefined])) as unknown as Handlers

const ofOperator = (role: 'operator' | 'viewer' | 'auditor'): Caller => ({
  kind: 'operator',
  name: 'a',
  role,
  via: 'basic',
})
const ofNode = (changes: Partial<ReturnType<typeof nodeDocument>>): Caller => ({
  kind: 'node',
  node: { ...nodeDocument(), ...changes },
  password: '',
})
/** What each role's own credentials make of a caller, and by which proof. */
const CALLERS: Readonly<Record<Role, { by: Row['proof'][]; caller: Caller }>> = {
  nobody: { by: ['nothing'], caller: { kind: 'nobody' } },
  pending: { by: ['claim'], caller: { kind: 'pending', registration: {} as never } },
  node: { by: ['node password', 'signature'], caller: ofNode({}) },
  'suspended node': { by: ['node password', 'signature'], caller: ofNode({ state: 'suspended' }) },
  'node without data access': {
    by: ['node password', 'signature'],
    caller: ofNode({ dataAccess: { status: 'rejected' } }),
  },
  operator: { by: ['operator'], caller: ofOperator('operator') },
  viewer: { by: ['operator'], caller: ofOperator('viewer') },
  auditor: { by: ['operator'], caller: ofOperator('auditor') },
  'metrics reader': { by: ['metrics token'], caller: { kind: 'metrics' } },
}

describe('refuses to start', () => {
  const appWith = (change: (app: express.Express) => void) => {
    const app = express()
    app.use('/operator', (_request, _response, next) => next())
    app.use(accessRouter(all, unasked))
    change(app)
    return app
  }
  const start = (change: (app: express.Express) => void) => () => checkRoutes(appWith(change), [])

  test('with a handler whose route is not in the table', () => {
    const past = { ...all, 'GET /operator/everything': () => undefined }
    expect(() => accessRouter(past, unasked)).toThrow('GET /operator/everything')
  })

  test.each<[string, (app: express.Express) => void, string]>([
    ['a route past the table', (app) => app.get('/debug', () => undefined), 'get /debug'],
    [
      'another method of a path that is there',
      (app) => app.delete('/operator/nodes', () => undefined),
      'delete /operator/nodes',
    ],
    ['a route for all methods', (app) => app.all('/x', () => undefined), 'propfind /x'],
    [
      'a route in a router',
      (app) =>
        app.use(
          '/in',
          Router().post('/side', () => undefined),
        ),
      'post /in/side',
    ],
    ['a handler that is mounted', (app) => app.use('/files', express.static('.')), 'use /files'],
    ['several paths at once', (app) => app.get(['/', '/two'], () => undefined), 'get /two'],
  ])('with %s', (_what, change, named) => {
    expect(start(change)).toThrow(named)
  })

  test('with a path that can not be read', () => {
    expect(start((app) => app.get(/^\/secret/, () => undefined))).toThrow('can not be read')
  })

  test('with a row that nobody serves', () => {
    const { 'GET /operator/audit': _left, ...others } = all
    const app = express()
    app.use(accessRouter(others, unasked))
    expect(() => checkRoutes(app, [])).toThrow('get /operator/audit')
  })

  test('unless all is as the table says', () => {
    expect(start(() => undefined)).not.toThrow()
  })
})

test('each caller has its role', () => {
  for (const role of ROLES) expect(roleOf(CALLERS[role].caller)).toBe(role)
})

/** What is everybody's own: the session, and the account, of which the handler looks whose it is. */
const OWN: readonly string[] = [
  'DELETE /operator/session',
  'POST /operator/operators/:name/password',
  'POST /operator/operators/:name/totp',
  'PUT /operator/operators/:name/totp',
]

/** An auditor says what he has found. It is written down and changes nothing, neither the record nor who may read it. */
const FOUND: readonly string[] = ['POST /operator/btg/:auditId/review']

/**
 * What has to hold of any table, whatever rows are added: nobody who has not shown by the row's own proof who he is gets in,
 * and roles that only look decide nothing.
 */
describe.each([...NAMES, ...(Object.keys(AREAS) as (keyof typeof AREAS)[])])('%s', (place) => {
  const { proof, cells }: Row = { ...ROUTES, ...AREAS }[place]

  test('lets in only who shows what it asks for', () => {
    if (proof === 'nothing') return expect(new Set(Object.values(cells))).toEqual(new Set(['in']))
    const inside = ROLES.filter((role) => cells[role] !== 'UNAUTHENTICATED' && cells[role] !== 'SIGNATURE_MISSING')
    expect(inside.filter((role) => !CALLERS[role].by.includes(proof))).toEqual([])
    expect(inside.length).toBeGreaterThan(0)
  })

  test('lets nobody change anything who may only look, and no suspended node in', () => {
    if (proof !== 'nothing') expect(cells['suspended node']).not.toBe('in')
    if (/^(GET|\/)/.test(place) || proof !== 'operator' || OWN.includes(place)) return
    const auditor = FOUND.includes(place) ? 'in' : 'FORBIDDEN'
    expect([cells.operator, cells.viewer, cells.auditor]).toEqual(['in', 'FORBIDDEN', auditor])
  })

  test('is decided by its cells', () => {
    for (const role of ROLES) {
      const { caller } = CALLERS[role]
      const verdict = cells[role] === 'in' ? undefined : cells[role]
      expect([role, refusalAt(place, caller)?.code]).toEqual([role, verdict])
      if (proof === 'signature' && caller.kind === 'node') {
        expect([role, refusalOfSigner(place as RouteName, caller.node)?.code]).toEqual([role, verdict])
      }
    }
  })
})

test('a suspended node reads the words of the operator', () => {
  const node = { ...nodeDocument(), state: 'suspended' as const, suspendedReason: 'Stolen.' }
  expect(refusalAt('GET /node/configuration', ofNode(node))?.message).toBe('Stolen.')
  expect(refusalOfSigner('GET /fhir/Patient/:mrn/$everything', node)?.message).toBe('Stolen.')
})
