import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { buildDesignDocs } from '../design-docs/build'
import { buildFhirValidators, FHIR_INPUTS, FHIR_OUTPUTS } from './build-fhir-validators'
import { buildOpenApi, OPENAPI_INPUTS, OPENAPI_OUTPUTS } from './build-openapi'
import { buildSchemas, SCHEMA_INPUTS, SCHEMA_OUTPUTS } from './build-schemas'
import { buildWeb, WEB_INPUTS, WEB_OUTPUTS } from './build-web'
import { linkCommand } from './link-command'
import { unlessUnchanged } from './unchanged'

const GENERATED = 'schemas/generated'

/** `npm run build`: what is generated first, then the compiler, then the generated files beside what it compiled. */
async function build(): Promise<void> {
  await step('schemas', () =>
    unlessUnchanged('schemas', SCHEMA_INPUTS, inGenerated(SCHEMA_OUTPUTS), () => buildSchemas('schemas', GENERATED)),
  )
  await step('OpenAPI', () =>
    unlessUnchanged('openapi', OPENAPI_INPUTS, inGenerated(OPENAPI_OUTPUTS), () => buildOpenApi(GENERATED)),
  )
  await step('FHIR validators', () =>
    unlessUnchanged('fhir', FHIR_INPUTS, inGenerated(FHIR_OUTPUTS), () => buildFhirValidators(GENERATED)),
  )
  await step('design documents', buildDesignDocs)
  await step('compiler', compile)
  for (const folder of ['schemas', 'design-docs']) copyGenerated(folder)
  await step('web', () => unlessUnchanged('web', WEB_INPUTS, WEB_OUTPUTS, buildWeb))
  await step('command', linkCommand)
}

async function step(name: string, run: () => unknown): Promise<void> {
  const startedAt = performance.now()
  const result = await run()
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  process.stdout.write(`${name}: ${typeof result === 'string' ? result : 'built'} (${seconds} s)\n`)
}

function inGenerated(names: string[]): string[] {
  return names.map((name) => join(GENERATED, name))
}

/** The compiler writes what it can in spite of errors; the build fails with its status all the same. */
function compile(): void {
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc'], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}

/** The compiler copies neither .js nor .json that nobody imports; the program needs both where the source has them. */
function copyGenerated(folder: string): void {
  const from = join(folder, 'generated')
  if (!existsSync(from)) return
  const wanted = (path: string) => statSync(path).isDirectory() || /\.(js|json|d\.ts)$/.test(path)
  cpSync(from, join('dist', from), { recursive: true, filter: wanted })
}

build().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
  process.exitCode = 1
})
