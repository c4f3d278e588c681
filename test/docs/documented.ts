import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parse } from 'yaml'

/** One operation of an OpenAPI document, with what the tests ask of it. */
export interface Operation {
  /** `GET /operator/refused`, with `{id}` for what is variable. */
  readonly name: string
  readonly method: string
  readonly path: string
  readonly isSecured: boolean
  readonly statuses: readonly string[]
  /** The title of the schema in `schemas/` that a 200 has, where it has one. */
  readonly schemaTitle?: string
  /** A path, and the query that must be there, of the document's examples. */
  readonly examplePath: string
}

type Node = Readonly<Record<string, unknown>>

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace']

/** An OpenAPI document of `docs/`, read by what the tests need. */
export class OpenApi {
  readonly #root: Node
  readonly #file: string

  constructor(name: string) {
    this.#file = resolve(__dirname, '../../docs', name)
    this.#root = node(parse(readFileSync(this.#file, 'utf8')))
  }

  operations(): Operation[] {
    return Object.entries(node(this.#root['paths'])).flatMap(([path, item]) =>
      METHODS.flatMap((method) => (method in node(item) ? [this.#operation(path, method, node(item))] : [])),
    )
  }

  /** Every `$ref`, and whether there is something where it leads. */
  references(): { ref: string; isThere: boolean }[] {
    const found = new Set<string>()
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      if ('$ref' in value && typeof value.$ref === 'string') found.add(value.$ref)
      for (const child of Object.values(value)) walk(child)
    }
    walk(this.#root)
    return [...found].map((ref) => ({ ref, isThere: this.#target(ref) !== undefined }))
  }

  #operation(path: string, method: string, item: Node): Operation {
    const operation = node(item[method])
    const security = list(operation['security'] ?? this.#root['security'])
    const parameters = [...list(item['parameters']), ...list(operation['parameters'])].map((one) => this.#resolved(one))
    const ok = node(node(operation['responses'])['200'] ?? {})
    const content = node(this.#resolved(ok)['content'] ?? {})
    const schema = node(node(content['application/json'] ?? {})['schema'] ?? {})
    const title = typeof schema['$ref'] === 'string' ? node(this.#target(schema['$ref']))['title'] : undefined
    return {
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      isSecured: security.length > 0,
      statuses: Object.keys(node(operation['responses'])),
      ...(typeof title === 'string' && { schemaTitle: title }),
      examplePath: exampleOf(path, parameters),
    }
  }

  #resolved(value: unknown): Node {
    const one = node(value)
    return typeof one['$ref'] === 'string' ? node(this.#target(one['$ref'])) : one
  }

  #target(ref: string): unknown {
    const [file = '', pointer = ''] = ref.split('#')
    const path = resolve(dirname(this.#file), file)
    if (file !== '' && !existsSync(path)) return undefined
    const root: unknown = file === '' ? this.#root : JSON.parse(readFileSync(path, 'utf8'))
    return pointer
      .split('/')
      .slice(1)
      .reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? (at as Node)[key] : undefined), root)
  }
}

function exampleOf(path: string, parameters: readonly Node[]): string {
  let result = path
  const query: string[] = []
  for (const { name, in: place, required, example } of parameters) {
    if (place === 'path') result = result.replace(`{${name}}`, encodeURIComponent(String(example)))
    if (place === 'query' && required === true) query.push(`${name}=${encodeURIComponent(String(example))}`)
  }
  return query.length === 0 ? result : `${result}?${query.join('&')}`
}

function node(value: unknown): Node {
  if (typeof value === 'object' && value !== null) return value as Node
  throw new Error(`an OpenAPI document has ${JSON.stringify(value)} where an object must be`)
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
