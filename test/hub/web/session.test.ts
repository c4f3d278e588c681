import { ROUTES, type RouteName } from '../../../hub/access/table'
import { idleStateOf } from '../../../hub/web/session/idle'
import { firstPlaceOf, may } from '../../../hub/web/session/roles'

const OPERATOR_ROLES = ['operator', 'viewer', 'auditor'] as const
const HALF_AN_HOUR = 30 * 60_000

test.each([
  [0, 'working'],
  [27 * 60_000, 'working'],
  [28 * 60_000, 'warned'],
  [HALF_AN_HOUR - 1, 'warned'],
  [HALF_AN_HOUR, 'over'],
  [2 * HALF_AN_HOUR, 'over'],
])('after %i ms without a person a session is %s', (quietMs, expected) => {
  expect(idleStateOf(quietMs, HALF_AN_HOUR).kind).toBe(expected)
})

test('the warning says how many seconds are left', () => {
  expect(idleStateOf(HALF_AN_HOUR - 61_200, HALF_AN_HOUR)).toEqual({ kind: 'warned', seconds: 62 })
})

/** What the console offers to a role is what the hub lets it do: one route stands for each kind. */
test.each<['look' | 'decide' | 'audit', RouteName]>([
  ['look', 'GET /operator/nodes'],
  ['decide', 'POST /operator/nodes/:nodeName/suspend'],
  ['audit', 'GET /operator/audit'],
])('who may %s is as %s says', (what, route) => {
  for (const role of OPERATOR_ROLES) expect([role, may(role, what)]).toEqual([role, ROUTES[route].cells[role] === 'in'])
})

test('everybody begins at a place of theirs', () => {
  expect(firstPlaceOf('operator')).toBe('/today')
  expect(firstPlaceOf('auditor')).toBe('/audit')
})
