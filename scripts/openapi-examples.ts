import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** A request and its answer; docs/openapi-examples.yaml says at its top what each word means. */
export interface Exchange {
  /** An operationId. */
  readonly asked: string
  readonly name: string
  readonly summary?: string
  readonly as?: string
  readonly path?: Json
  readonly query?: Json
  readonly headers?: Json
  readonly body?: unknown
  readonly status: number
  /** Of the answer; where it is not the first one that the description has. */
  readonly type?: string
  readonly answer?: unknown
  readonly abridged?: boolean
  readonly keep?: Readonly<Record<string, string>>
}

type Json = Readonly<Record<string, unknown>>
type Change = Record<string, unknown>

export function exchangesIn(file: string): Exchange[] {
  return parse(readFileSync(file, 'utf8')) as Exchange[]
}

/** The same description with each exchange as an example, at the parameters, the body and the response of its operation. */
export function withExamples(document: Json, exchanges: readonly Exchange[]): Json {
  const copy = structuredClone(document) as Change
  for (const exchange of exchanges) addTo(copy, exchange)
  return copy
}

function addTo(document: Change, exchange: Exchange): void {
  const { asked, name, status, body, answer } = exchange
  const fail = (what: string): never => {
    throw new Error(`the example ${asked} ${name}: ${what}`)
  }
  const [item, operation] = operationOf(document, asked) ?? fail('there is no such operation')
  const sent = { path: exchange.path, query: exchange.query, header: exchange.headers }
  for (const [place, values] of Object.entries(sent)) {
    for (const [parameter, value] of Object.entries(values ?? {})) {
      const found = ownParameter(document, item, operation, place, parameter) ?? fail(`there is no ${parameter}`)
      addExample(found, exchange, value)
    }
  }
  if (body !== undefined) {
    if (!operation['requestBody']) fail('it takes no body')
    operation['requestBody'] = resolved(document, operation['requestBody'])
    addExample(mediaOf(operation['requestBody'], 'application/json') ?? fail('it takes no JSON'), exchange, body)
  }
  const responses = operation['responses'] as Change
  responses[status] = resolved(document, responses[status] ?? fail(`${status} is not described`))
  if (answer !== undefined) {
    addExample(mediaOf(responses[status], exchange.type) ?? fail('no such answer is described'), exchange, answer)
  }
}

function addExample(at: Change, { asked, name, summary }: Exchange, value: unknown): void {
  const examples = (at['examples'] ?? {}) as Change
  if (name in examples) throw new Error(`two examples of ${asked} are called ${name}`)
  // There may be one of the two (OpenAPI 3.1, section 4.8.12.2).
  delete at['example']
  at['examples'] = { ...examples, [name]: { ...(summary !== undefined && { summary }), value } }
}

function operationOf(document: Change, id: string): [Change, Change] | undefined {
  for (const item of Object.values(document['paths'] as Change)) {
    for (const operation of Object.values(item as Change)) {
      if ((operation as Change)['operationId'] === id) return [item as Change, operation as Change]
    }
  }
  return undefined
}

/** The parameter as this operation's own, which counts for it before the one of its path. */
function ownParameter(
  document: Change,
  item: Change,
  operation: Change,
  place: string,
  name: string,
): Change | undefined {
  const own = ((operation['parameters'] ?? []) as unknown[]).map((one) => resolved(document, one))
  operation['parameters'] = own
  const isIt = (one: Change) => one['in'] === place && one['name'] === name
  const found = own.find(isIt)
  if (found) return found
  const shared = ((item['parameters'] ?? []) as unknown[]).map((one) => resolved(document, one)).find(isIt)
  if (!shared) return undefined
  const copy = structuredClone(shared)
  own.push(copy)
  return copy
}

function mediaOf(holder: unknown, type: string | undefined): Change | undefined {
  const content = (holder as { content?: Record<string, Change> }).content ?? {}
  const name = type ?? Object.keys(content)[0] ?? ''
  return content[name]
}

/** A copy of its own of what stands under `components`. */
function resolved(document: Change, value: unknown): Change {
  const ref = (value as { $ref?: string }).$ref
  if (ref === undefined) return value as Change
  const target = ref
    .split('/')
    .slice(1)
    .reduce<unknown>((at, part) => (at as Change)[part], document)
  return structuredClone(target) as Change
}
