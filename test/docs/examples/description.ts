import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020'
import { targetOf } from '../openapi-rules'

type Json = Readonly<Record<string, unknown>>

/** What a description says of one example. */
export interface Described {
  readonly method: string
  readonly path: string
  readonly schemes: readonly string[]
  readonly sent: { readonly in: string; readonly name: string; readonly value: unknown }[]
  readonly body: unknown
  /** The answer of this status and media type: the example, and what its schema says of a value. */
  answer(status: number, type: string): { readonly example: unknown; readonly problems: (value: unknown) => string[] }
}

/** A served description, `GET /openapi.json`. */
export class Description {
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })

  constructor(private readonly document: Json) {
    this.#ajv.addSchema(document, 'served')
  }

  operations(): { id: string; at: string }[] {
    return Object.entries(this.document['paths'] as Json).flatMap(([path, item]) =>
      ['get', 'put', 'post', 'delete'].flatMap((method) => {
        const operation = (item as Json)[method] as Json | undefined
        return operation ? [{ id: String(operation['operationId']), at: pointer('paths', path, method) }] : []
      }),
    )
  }

  /** Every example that it has, as `operationId name`; `example` where one stands without a name. */
  examples(): string[] {
    return this.operations().flatMap(({ id, at }) => {
      const found = new Set<string>()
      const walk = (value: unknown): void => {
        if (typeof value !== 'object' || value === null) return
        if ('schema' in value && 'examples' in value)
          for (const name of Object.keys(value.examples as Json)) found.add(name)
        if ('schema' in value && 'example' in value && !('in' in value)) found.add('example')
        for (const part of Object.values(value)) walk(part)
      }
      walk(targetOf(this.document, at))
      return [...found].map((name) => `${id} ${name}`)
    })
  }

  of(id: string, name: string): Described {
    const { at } = this.operations().find((one) => one.id === id) ?? { at: '' }
    const [, , path = '', method = ''] = at.split('/').map(unescaped)
    const operation = targetOf(this.document, at) as Json
    const parameters = ((operation['parameters'] ?? []) as Json[]).filter((one) => exampleOf(one, name) !== undefined)
    const security = (operation['security'] ?? this.document['security']) as Json[]
    const bodies = (operation['requestBody'] as Json | undefined)?.['content'] as Json | undefined
    return {
      method: method.toUpperCase(),
      path,
      schemes: security.flatMap((one) => Object.keys(one)),
      sent: parameters.map((one) => ({
        in: String(one['in']),
        name: String(one['name']),
        value: exampleOf(one, name),
      })),
      body: exampleOf(bodies?.['application/json'] as Json | undefined, name),
      answer: (status, type) => {
        const media = `${at}/${['responses', status, 'content', type].map((part) => escaped(String(part))).join('/')}`
        const validate: ValidateFunction = this.#ajv.compile({ $ref: `served${media}/schema` })
        return {
          example: exampleOf(targetOf(this.document, media) as Json | undefined, name),
          problems: (value) =>
            validate(value) ? [] : (validate.errors ?? []).map((one) => `${one.instancePath} ${one.message}`),
        }
      },
    }
  }
}

function exampleOf(holder: Json | undefined, name: string): unknown {
  return ((holder?.['examples'] as Json | undefined)?.[name] as Json | undefined)?.['value']
}

function pointer(...parts: string[]): string {
  return `#/${parts.map(escaped).join('/')}`
}

function escaped(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')).replaceAll('%7E', '~')
}

function unescaped(part: string): string {
  return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
}
