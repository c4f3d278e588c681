import { exchangesIn } from '../../scripts/openapi-examples'
import { METRICS_TOKEN } from '../hub/access/people'
import { type RunningHub, startHub } from '../support/hub'
import { DayAtAHub } from './examples/day-at-a-hub'
import { Description } from './examples/description'
import { otherTextThan, otherThan } from './examples/same-shape'

/** Every example of the served description, executed in the order of docs/openapi-examples.yaml. */
const exchanges = exchangesIn('docs/openapi-examples.yaml')
let hub: RunningHub
let description: Description
let day: DayAtAHub

beforeAll(async () => {
  hub = await startHub({ HUB_METRICS_TOKEN: METRICS_TOKEN })
  description = new Description((await (await fetch(`${hub.url}/openapi.json`)).json()) as Record<string, unknown>)
  day = new DayAtAHub(hub)
  await day.begin()
}, 120_000)
afterAll(() => hub?.remove())

test('every operation has an example that succeeds', () => {
  const succeeding = new Set(exchanges.filter(({ status }) => status < 300).map(({ asked }) => asked))
  expect(description.operations().filter(({ id }) => !succeeding.has(id))).toEqual([])
})

test('no example is left out', () => {
  const executed = new Set(exchanges.map(({ asked, name }) => `${asked} ${name}`))
  expect(description.examples().filter((one) => !executed.has(one))).toEqual([])
  expect(description.examples().length).toBeGreaterThan(70)
})

test.each(exchanges)('$asked $name as $as: $status', async (exchange) => {
  const { asked, name, status, abridged = false } = exchange
  const described = description.of(asked, name)
  const answer = await day.ask(exchange, described, exchange.type)
  expect([answer.status, answer.text.slice(0, 2_000)]).toEqual([status, expect.anything()])
  day.take(exchange, answer)
  if (answer.text === '') return expect(exchange.answer).toBeUndefined()
  const { example, problems } = described.answer(status, exchange.type ?? answer.type)
  expect(example).toEqual(exchange.answer)
  if (answer.type.startsWith('text/')) return expect(otherTextThan(String(example), answer.text, abridged)).toEqual([])
  const [shown, there] = [example, answer.text].map((one) => (typeof one === 'string' ? valuesIn(one) : [one]))
  for (const value of [...(shown ?? []), ...(there ?? [])]) expect(problems(value)).toEqual([])
  expect(otherThan(shown, there, abridged)).toEqual([])
})

/** One, or with NDJSON one a line. */
function valuesIn(text: string): unknown[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
}

test.each<[string, unknown, unknown]>([
  ['a member more', { a: 1 }, { a: 1, b: 1 }],
  ['a member less', { a: { b: 1 } }, { a: {} }],
  ['another word', { status: 'pending' }, { status: 'accepted' }],
  ['another number of items', ['a1'], ['a1', 'a2']],
  ['another type', { a: 1 }, { a: '1' }],
  ['nothing', { a: {} }, { a: null }],
  ['a list for an object', {}, []],
  ['another truth', true, false],
])('an answer with %s is another than its example', (_what, example, answer) => {
  expect(otherThan(example, answer, false)).not.toEqual([])
})

test('an answer with another id, time or secret is like its example', () => {
  const example = { id: 'node-101:abc', at: '2026-11-23T07:41:03.120Z', secret: 'kQxJdWbyvRtZpLmNcFhGsTqUwEoIaYkQx' }
  const answer = { id: 'node-102:def', at: '2027-01-01T00:00:00.000Z', secret: 'another' }
  expect(otherThan(example, answer, false)).toEqual([])
  expect(otherTextThan('a 1\nb 2', 'x 0\na 3\nb 9', true)).toEqual([])
  expect(otherTextThan('a 1\nb 2', 'a 3', true)).not.toEqual([])
})
