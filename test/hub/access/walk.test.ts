import { ROLES, type Role } from '../../../hub/access/caller'
import { METHODS } from '../../../hub/access/methods'
import { AREAS, partsOf, ROUTES, type RouteName } from '../../../hub/access/table'
import { sessionCookie } from '../../../hub/operators/session-cookie'
import { ERROR_CODES, type ErrorCode } from '../../../protocol/error-codes'
import { basic } from '../../support/ask'
import { type RunningHub, startHub } from '../../support/hub'
import { EXAMPLES } from './examples'
import { METRICS_TOKEN, type People, peopleOf } from './people'
import { closeConnections, type RawAnswer, rawRequest } from './raw-request'
import { areaOf, otherMethods, rowAt, variantsOf } from './variants'

/** The whole table, walked at a hub that runs as a process: every row × every role, and what is nearly a row. */
let hub: RunningHub
let people: People
const NAMES = Object.keys(ROUTES) as RouteName[]

beforeAll(async () => {
  hub = await startHub({ HUB_METRICS_TOKEN: METRICS_TOKEN })
  people = await peopleOf(hub)
}, 60_000)
afterAll(async () => {
  closeConnections()
  await hub?.remove()
})

async function ask(role: Role, method: string, target: string, body?: unknown): Promise<RawAnswer> {
  const headers = await people.showing[role](method, target)
  return rawRequest(hub.url, { method, target, headers, body: method === 'HEAD' ? undefined : body })
}

const targetOf = (name: RouteName) => EXAMPLES[name].target.replace('{id}', people.registrationId)

/** What is asked at a row, and what it must come to: statuses for who is let in, else the code. */
function expected(name: RouteName, role: Role): { statuses: readonly number[]; code?: string } {
  const verdict = ROUTES[name].cells[role]
  if (verdict === 'in') return { statuses: EXAMPLES[name].statuses }
  // Without data access there is no key; what such a facility signs with is not one of its own.
  const isKeyless = ROUTES[name].proof === 'signature' && role === 'node without data access'
  return refused(isKeyless ? 'SIGNATURE_INVALID' : verdict)
}

function refused(code: ErrorCode): { statuses: readonly number[]; code: string } {
  return { statuses: [ERROR_CODES[code].status], code }
}

/** What an address that there isn't comes to. */
function closed(target: string, role: Role): { statuses: readonly number[]; code: string } {
  const area = areaOf(target)
  const verdict = area === undefined ? 'in' : AREAS[area].cells[role]
  return refused(verdict === 'in' ? 'NOT_FOUND' : verdict)
}

/** As another row, to which the body says nothing: whoever is not let in there is not, and nobody does anything. */
function asOther(name: RouteName, role: Role): { statuses: readonly number[]; code?: string } {
  return ROUTES[name].cells[role] === 'in' ? { statuses: [400, 404] } : expected(name, role)
}

function wrong(answer: RawAnswer, { statuses, code }: { statuses: readonly number[]; code?: string }): string[] {
  const isStatus = statuses.includes(answer.status)
  if (isStatus && (code === undefined || code === answer.code)) return []
  return [`${answer.status} ${answer.code} instead of ${statuses.join(' or ')} ${code ?? ''}`]
}

describe.each(NAMES)('%s', (name) => {
  const { method, path } = partsOf(name)

  test.each(ROLES.map((role) => [role, ROUTES[name].cells[role]] as const))('%s: %s', async (role) => {
    const answer = await ask(role, method, targetOf(name), EXAMPLES[name].body)
    expect(wrong(answer, expected(name, role))).toEqual([])
    if (answer.status === 401) expect(answer.headers['www-authenticate']).toMatch(SCHEMES[ROUTES[name].proof])
  })

  test('no credentials of another kind, and none that are wrong, are better than none', async () => {
    const found: string[] = []
    for (const [what, headers] of Object.entries(WRONG)) {
      const answer = await rawRequest(hub.url, { method, target: targetOf(name), headers, body: EXAMPLES[name].body })
      const verdict = ofWrong(name, headers, answer)
      found.push(...wrong(answer, verdict).map((one) => `${what}: ${one}`))
    }
    expect(found).toEqual([])
  })

  test('an address that is only nearly this one is closed', async () => {
    const found: string[] = []
    for (const { what, target, counts } of variantsOf(name, targetOf(name))) {
      for (const role of ROLES) {
        const answer = await ask(role, method, target, EXAMPLES[name].body)
        const other = counts === 'closed' ? rowAt(method, target) : undefined
        const verdict = counts === 'same' ? expected(name, role) : other ? asOther(other, role) : closed(target, role)
        found.push(...wrong(answer, verdict).map((one) => `${what}, ${target}, ${role}: ${one}`))
      }
    }
    expect(found).toEqual([])
  })

  test('no other method gets in', async () => {
    const found: string[] = []
    const target = targetOf(name)
    for (const other of otherMethods(name)) {
      for (const role of ROLES) {
        const answer = await ask(role, other, target)
        const { statuses, code } = ofOtherMethod(name, target, role)
        const isBodiless = other === 'HEAD'
        found.push(
          ...wrong(answer, { statuses, ...(!isBodiless && { code }) }).map((one) => `${other}, ${role}: ${one}`),
        )
        if (answer.status === 405 && answer.headers['allow'] !== (METHODS[path]?.join(', ') ?? 'GET')) {
          found.push(`${other}, ${role}: Allow is ${answer.headers['allow']}`)
        }
      }
    }
    expect(found).toEqual([])
  })

  if (method === 'GET' && ROUTES[name].proof !== 'signature') {
    test('HEAD is GET without its body', async () => {
      for (const role of ROLES) {
        const answer = await ask(role, 'HEAD', targetOf(name))
        const { statuses } = expected(name, role)
        expect([role, wrong(answer, { statuses }), answer.text]).toEqual([role, [], ''])
      }
    })
  }
})

function ofWrong(name: RouteName, headers: Record<string, string>, { code }: RawAnswer) {
  const { proof } = ROUTES[name]
  if (proof === 'signature' && ('signature' in headers || 'node-signature' in headers))
    return refused('SIGNATURE_INVALID')
  if (proof === 'operator' && 'cookie' in headers) return refused('SIGNED_OUT')
  // So many wrong tries under one name lock it for a while; that is refused in the same way.
  return proof === 'operator' && code === 'LOCKED' ? refused('LOCKED') : expected(name, 'nobody')
}

/** Below an area first who may know; a signed route tells only who has signed. */
function ofOtherMethod(name: RouteName, target: string, role: Role): { statuses: readonly number[]; code: string } {
  if (ROUTES[name].proof === 'signature') {
    const { code = '' } = expected(name, role)
    return /^SIGNATURE_/.test(code) ? refused(code as ErrorCode) : refused('METHOD_NOT_ALLOWED')
  }
  const area = areaOf(target)
  const verdict = area === undefined ? 'in' : AREAS[area].cells[role]
  return refused(verdict === 'in' ? 'METHOD_NOT_ALLOWED' : verdict)
}

const SCHEMES = {
  nothing: /^$/,
  claim: /^Bearer /,
  'node password': /^Basic /,
  operator: /^Basic /,
  signature: /^Signature /,
  'metrics token': /^Bearer /,
}

const NEVER = 'A'.repeat(43)
const WRONG: Readonly<Record<string, Record<string, string>>> = {
  'a node with a wrong password': { authorization: basic('node-101', NEVER) },
  'a node that is not there': { authorization: basic('node-777', NEVER) },
  'a node without a password': { authorization: basic('node-101', '') },
  'a CouchDB user': { authorization: basic('admin', NEVER) },
  'no name and no password': { authorization: basic('', '') },
  'a claim of nobody': { authorization: `Bearer ${NEVER}` },
  'an empty token': { authorization: 'Bearer ' },
  'another scheme': { authorization: `Digest username="operator"` },
  'a scheme in other letters': { authorization: basic('operator', NEVER).toUpperCase() },
  'a session that is none': { cookie: sessionCookie(NEVER, false) },
  'a signature that is none': { signature: 'sig=:AAAA:', 'signature-input': 'sig=("@method")' },
  'the older scheme': { 'node-name': 'node-101', 'node-signature': '0'.repeat(64), date: new Date(0).toUTCString() },
  'headers that a proxy might set': {
    'x-forwarded-user': 'operator',
    'x-original-url': '/healthz',
    'x-http-method-override': 'GET',
  },
}

test.each(['FOO', 'GETS'])('%s, which is no method, is not understood', async (method) => {
  expect((await rawRequest(hub.url, { method, target: '/operator/nodes' })).status).toBe(400)
})

test.each([
  '/operator/nodes/%zz/receipt',
  '/registrations/%c3%28',
  '/sync/ehr/_local/%ff',
  '/fhir/Patient/%zz/$everything',
])('%s, which is no text, is refused for all', async (target) => {
  for (const role of ROLES) expect((await ask(role, 'GET', target)).code).toBe('INVALID_REQUEST')
})

test('an address with its host before it is the same address', async () => {
  const asked = (headers: Record<string, string>) =>
    rawRequest(hub.url, { method: 'GET', target: `${hub.url}/operator/nodes`, headers })
  expect((await asked({})).code).toBe('UNAUTHENTICATED')
  expect((await asked(await people.showing.operator('GET', ''))).status).toBe(200)
})
