import type { RouteName } from '../../../hub/access/table'
import type { CallerName } from './callers'
import { complaintsAbout } from './judge'
import type { Fuzzed } from './mutate-request'
import type { Outcome } from './wire'

const sent = (changes: Partial<Fuzzed> = {}): Fuzzed => ({
  bytes: Buffer.alloc(0),
  method: 'GET',
  target: '/operator/nodes',
  isAlone: false,
  mutations: ['structure'],
  ...changes,
})
const answer = (status: number, body = '', headers: Record<string, string> = { 'x-request-id': 'a' }): Outcome => ({
  kind: 'answer',
  status,
  head: `HTTP/1.1 ${status}`,
  headers,
  body: Buffer.from(body),
  ms: 10,
})
const asked = (route: RouteName = 'GET /operator/nodes', caller: CallerName = 'operator') => ({
  route,
  caller,
  secrets: ['a-secret-of-the-hub'],
})
const refusal = (code: string) => JSON.stringify({ error: code, reason: 'So.' })

test.each<[string, Outcome, Fuzzed, ReturnType<typeof asked>]>([
  ['no answer', { kind: 'silence', received: '', ms: 1 }, sent(), asked()],
  ['a cut connection', { kind: 'cut', received: '', ms: 1 }, sent(), asked()],
  ['a fault of ours', answer(500, refusal('INTERNAL')), sent(), asked()],
  [
    'a fault that is told as one of the database',
    answer(503, refusal('DATABASE_UNAVAILABLE'), { 'retry-after': '5' }),
    sent(),
    asked(),
  ],
  ['too much at once without a time to come again', answer(503, refusal('OVERLOADED')), sent(), asked()],
  ['a stack', answer(400, '{"error":"INVALID_REQUEST","reason":"x\n    at parse (a.js:1:2)"}'), sent(), asked()],
  ['a file of ours', answer(200, 'in hub/main.js:10'), sent(), asked()],
  ['the name of an error', answer(200, '{"a":"TypeError: x"}'), sent(), asked()],
  ['a library', answer(200, '{"a":"PouchDB says"}'), sent(), asked()],
  ['a user of the database', answer(200, '{"a":"org.couchdb.user:node-101"}'), sent(), asked()],
  [
    'a refusal with a word of the fuzz',
    answer(400, refusal('INVALID_REQUEST').replace('So.', '_design/own')),
    sent(),
    asked(),
  ],
  ['a secret', answer(200, '{"a":"a-secret-of-the-hub"}'), sent(), asked()],
  ['a refusal without a body', answer(404), sent(), asked()],
  ['a refusal in other words', answer(404, 'Cannot GET /'), sent(), asked()],
  ['a code that is not in the list', answer(400, refusal('WRONG')), sent(), asked()],
  ['a code with another status', answer(400, refusal('NOT_FOUND')), sent(), asked()],
  ['CouchDB’s words elsewhere', answer(404, refusal('not_found')), sent(), asked()],
  ['nobody let in', answer(200, '{}'), sent(), asked('GET /operator/nodes', 'nobody')],
  [
    'a facility let in to the operators’',
    answer(200, '{}'),
    sent({ mutations: [] }),
    asked('GET /operator/nodes', 'node'),
  ],
])('the fuzz complains about %s', (_what, outcome, request, about) => {
  expect(complaintsAbout(outcome, request, about)).not.toEqual([])
})

test.each<[string, Outcome, Fuzzed, ReturnType<typeof asked>]>([
  ['an answer', answer(200, '{"nodes":[]}'), sent(), asked()],
  ['a list with a name that the fuzz gave', answer(200, '{"name":"org.couchdb.user:node-999"}'), sent(), asked()],
  ['a refusal', answer(400, refusal('INVALID_JSON')), sent(), asked()],
  ['a FHIR refusal', answer(401, '{"issue":[{"details":{"coding":[{"code":"SIGNATURE_INVALID"}]}}]}'), sent(), asked()],
  ['too much at once', answer(503, refusal('OVERLOADED'), { 'retry-after': '5' }), sent(), asked()],
  ['what is no HTTP', answer(400, '', {}), sent({ isAlone: true }), asked()],
  ['a cut connection after what is no request', { kind: 'cut', received: '', ms: 1 }, sent({ isAlone: true }), asked()],
  ['another address', answer(200, '{}'), sent({ mutations: ['path'] }), asked('GET /operator/nodes', 'nobody')],
  ['a checkpoint that there isn’t', answer(404, refusal('not_found')), sent({ target: '/sync/ehr/_local/a' }), asked()],
])('and not about %s', (_what, outcome, request, about) => {
  expect(complaintsAbout(outcome, request, about)).toEqual([])
})
