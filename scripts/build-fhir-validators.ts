import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv from 'ajv'
import standaloneCode from 'ajv/dist/standalone'
import { build } from 'esbuild'
import { withBoundedErrors } from './bounded-errors'
import { structures } from './fhir/definitions'
import { mendedDefinitions } from './fhir/mended-schema'
import { FORMATS } from './fhir/primitives'
import { ELEMENTS } from './fhir/rules'
import { searchElementsSource } from './fhir/search-elements'

const ID = 'lontar://fhir'

/** What this reads; the definitions themselves change with package.json. */
export const FHIR_INPUTS = [
  'schemas/fhir/facility-types.ts',
  'scripts/fhir',
  'scripts/build-fhir-validators.ts',
  'scripts/bounded-errors.ts',
  'package.json',
]

/** What this makes, in the folder of generated files. */
export const FHIR_OUTPUTS = ['fhir-validators.js', 'fhir-validators.d.ts', 'search-elements.ts']

/** Writes fhir-validators.js: an ajv function for each resource type of R4, which share those of their data types. */
export async function buildFhirValidators(output: string): Promise<void> {
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    messages: false,
    inlineRefs: 3,
    code: { source: true, esm: true, optimize: 1 },
  })
  for (const [name, format] of Object.entries(FORMATS)) ajv.addFormat(name, format)
  ajv.addKeyword(ELEMENTS)
  ajv.addSchema({ $id: ID, definitions: mendedDefinitions() })
  const types = [...structures().values()].filter(({ kind, abstract }) => kind === 'resource' && !abstract)
  const references = Object.fromEntries(types.map(({ type }) => [type, `${ID}#/definitions/${type}`]))
  await build({
    stdin: { contents: withBoundedErrors(standaloneCode(ajv, references)), resolveDir: '.', loader: 'js' },
    outfile: join(output, 'fhir-validators.js'),
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
  })
  writeFileSync(join(output, 'search-elements.ts'), searchElementsSource())
  writeFileSync(
    join(output, 'fhir-validators.d.ts'),
    [
      "import type { ErrorObject } from 'ajv'",
      'interface ResourceValidator {',
      '  (resource: unknown): boolean',
      '  errors?: ErrorObject[] | null',
      '}',
      ...types.map(({ type }) => `export declare const ${type}: ResourceValidator`),
      '',
    ].join('\n'),
  )
}
