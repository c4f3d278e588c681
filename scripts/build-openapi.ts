import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { parse } from 'yaml'
import { exchangesIn, withExamples } from './openapi-examples'

/** Which page of docs/ becomes which file of schemas/generated, for `GET /openapi.json` of each program. */
const DOCUMENTS = { 'openapi-hub.json': 'docs/openapi.yaml', 'openapi-edge.json': 'docs/openapi-edge.yaml' } as const
export const HUB_EXAMPLES = 'docs/openapi-examples.yaml'

export const OPENAPI_INPUTS = [
  ...Object.values(DOCUMENTS),
  HUB_EXAMPLES,
  'schemas/definitions.json',
  'schemas/documents',
  'schemas/messages',
  'scripts/build-openapi.ts',
  'scripts/openapi-examples.ts',
]
export const OPENAPI_OUTPUTS = Object.keys(DOCUMENTS)

export function buildOpenApi(output: string): void {
  for (const [name, file] of Object.entries(DOCUMENTS)) {
    writeFileSync(join(output, name), JSON.stringify(described(file)))
  }
}

/** A description as it is served. */
export function described(file: string): Json {
  const document = selfContained(file)
  return file === DOCUMENTS['openapi-hub.json'] ? withExamples(document, exchangesIn(HUB_EXAMPLES)) : document
}

type Json = Readonly<Record<string, unknown>>

/** An OpenAPI document with every schema that it refers to in other files under its own `components/schemas`. */
function selfContained(file: string): Json {
  const schemas = new SchemaFiles()
  const root = parse(readFileSync(file, 'utf8')) as Json
  const components = (root['components'] ?? {}) as Json
  const own = (components['schemas'] ?? {}) as Json
  const whole = schemas.inlined(root, file) as Json
  const twice = schemas.names().find((name) => name in own)
  if (twice) throw new Error(`${file} has a schema ${twice} of its own, and refers to another`)
  const inlined = whole['components'] as Json
  return {
    ...whole,
    components: { ...inlined, schemas: { ...(inlined['schemas'] as Json), ...schemas.components() } },
  }
}

/** Draft 7 as the schemas are written and 2020-12 as OpenAPI 3.1 reads them agree but for these, which mean nothing here. */
const LEFT_OUT: ReadonlySet<string> = new Set(['$schema', 'tsType'])

/** The schemas that were met, each under its title, or under its name in definitions.json. */
class SchemaFiles {
  readonly #found = new Map<string, { source: string; schema: unknown }>()

  names(): string[] {
    return [...this.#found.keys()].sort()
  }

  components(): Json {
    return Object.fromEntries(this.names().map((name) => [name, this.#found.get(name)?.schema]))
  }

  /** The same value, with references that work within the document. */
  inlined(value: unknown, file: string): unknown {
    if (Array.isArray(value)) return value.map((part) => this.inlined(part, file))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => !(file.endsWith('.json') && LEFT_OUT.has(key)))
        .map(([key, part]) => [
          key,
          key === '$ref' && typeof part === 'string' ? this.#reference(part, file) : this.inlined(part, file),
        ]),
    )
  }

  #reference(ref: string, from: string): string {
    const [path = '', pointer = ''] = ref.split('#')
    if (path === '' && !from.endsWith('.json')) return ref
    const file = path === '' ? from : normalize(join(dirname(from), path))
    const root = JSON.parse(readFileSync(file, 'utf8')) as Json
    const [, section, name = '', ...rest] = pointer.split('/')
    if (section !== 'definitions') return [this.#component(String(root['title']), root, file), pointer].join('')
    const definitions = root['definitions'] as Json
    return [this.#component(name, definitions[name], file, pointer), ...rest].join('/')
  }

  #component(name: string, schema: unknown, file: string, pointer = ''): string {
    const source = `${file}#${pointer}`
    if (schema === undefined) throw new Error(`nothing is found at ${source}`)
    const known = this.#found.get(name)
    if (known && known.source !== source) throw new Error(`${known.source} and ${source} are both called ${name}`)
    if (!known) {
      // It stands there before it is complete: a schema may refer to itself.
      const found = { source, schema: undefined as unknown }
      this.#found.set(name, found)
      found.schema = this.inlined(schema, file)
    }
    return `#/components/schemas/${name}`
  }
}
