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
