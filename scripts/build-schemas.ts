import { readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import Ajv, { type AnySchemaObject } from 'ajv'
import standaloneCode from 'ajv/dist/standalone'
import { compile } from 'json-schema-to-typescript'
import { withBoundedErrors } from './bounded-errors'
import { filesIn } from './unchanged'

interface NamedSchema {
  title: string
  /** Relative to schemas/, also the schema's `$id`, so that `$ref` may name a file by its relative path. */
  path: string
  schema: AnySchemaObject
}

const BASE = 'lontar://schemas/'

export const SCHEMA_INPUTS = [
  'schemas/definitions.json',
  'schemas/documents',
  'schemas/messages',
  'scripts/build-schemas.ts',
  'scripts/bounded-errors.ts',
  'package.json',
]
export const SCHEMA_OUTPUTS = ['types.ts', 'validators.js', 'validators.d.ts']

/** Writes types.ts, validators.js and validators.d.ts for the schemas in `schemas/documents` and `schemas/messages`. */
export async function buildSchemas(folder: string, output: string): Promise<void> {
  const schemas = ['documents', 'messages'].flatMap((kind) => schemasIn(folder, kind))
  const definitions = readSchema(folder, join(folder, 'definitions.json'))
  const titles = schemas.map(({ title }) => title)
  const twice = titles.find((title, index) => titles.indexOf(title) !== index)
  if (twice) throw new Error(`two schemas have the title ${twice}`)
  writeFileSync(join(output, 'types.ts'), await typesOf(schemas, definitions))
  writeFileSync(join(output, 'validators.js'), validatorsOf(schemas, definitions))
  writeFileSync(join(output, 'validators.d.ts'), predicatesOf(titles))
}

function schemasIn(folder: string, kind: string): NamedSchema[] {
  return filesIn(join(folder, kind))
    .filter((path) => path.endsWith('.json'))
    .sort()
    .map((path) => readSchema(folder, path))
}

function readSchema(folder: string, file: string): NamedSchema {
  const schema = JSON.parse(readFileSync(file, 'utf8'))
  const path = relative(folder, file)
  if (!/^[A-Z][A-Za-z]+$/.test(schema.title)) throw new Error(`${path}: "title" must be the name of its type`)
  return { title: schema.title, path, schema }
}

/** Compiles them as one schema, so that a type which several of them use is declared once. */
async function typesOf(schemas: NamedSchema[], definitions: NamedSchema): Promise<string> {
  const titleOf = new Map(schemas.map(({ path, title }) => [path, title]))
  const together = {
    title: 'Everything',
    definitions: {
      ...definitions.schema['definitions'],
      ...Object.fromEntries(
        schemas.map(({ title, path, schema }) => {
          const { title: _title, $schema: _draft, ...rest } = schema
          return [title, withLocalRefs(rest, path, titleOf)]
        }),
      ),
    },
  }
  const source = await compile(together, 'Everything', {
    additionalProperties: false,
    unreachableDefinitions: true,
    format: false,
    ignoreMinAndMaxItems: true,
    bannerComment:
      "// Made from the schemas by `npm run build`; not to be edited.\nimport type { Resource } from 'fhir/r4'\n",
  })
  const note = / \* This interface was referenced by `Everything`'s JSON-Schema\n \* via the `definition` "\w+"\.\n/
  return source
    .replaceAll(new RegExp(` \\* \\n${note.source}`, 'g'), '')
    .replaceAll(new RegExp(`/\\*\\*\\n${note.source} \\*/\\n`, 'g'), '')
    .replace(/export interface Everything \{[^}]*\}\n/, '')
}

/** `../definitions.json#/definitions/Mrn` and `./error-body.json` become `#/definitions/Mrn` and `…/ErrorBody`. */
function withLocalRefs(schema: unknown, path: string, titleOf: Map<string, string>): unknown {
  if (Array.isArray(schema)) return schema.map((part) => withLocalRefs(part, path, titleOf))
  if (typeof schema !== 'object' || schema === null) return schema
  if ('$ref' in schema && typeof schema.$ref === 'string') {
    const [file = '', fragment] = schema.$ref.split('#')
    if (fragment) return { $ref: `#${fragment}` }
    const title = titleOf.get(join(path, '..', file))
    if (!title) throw new Error(`${path}: nothing is found at ${schema.$ref}`)
    return { $ref: `#/definitions/${title}` }
  }
  return Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, withLocalRefs(part, path, titleOf)]))
}

function validatorsOf(schemas: NamedSchema[], definitions: NamedSchema): string {
  const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false, code: { source: true, lines: true } })
  ajv.addKeyword({ keyword: 'tsType', schemaType: 'string' })
  for (const { path, schema } of [definitions, ...schemas]) ajv.addSchema(schema, `${BASE}${path}`)
  const ids = Object.fromEntries(schemas.map(({ title, path }) => [`is${title}`, `${BASE}${path}`]))
  return withBoundedErrors(standaloneCode(ajv, ids))
}

function predicatesOf(titles: string[]): string {
  return [
    "import type { Validator } from '../check'",
    "import type * as types from './types'",
    '',
    ...titles.map((title) => `export declare const is${title}: Validator<types.${title}>`),
    '',
  ].join('\n')
}
