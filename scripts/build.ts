import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildFhirValidators, FHIR_OUTPUTS } from './build-fhir-validators'
import { buildSchemas } from './build-schemas'
import { unlessUnchanged } from './unchanged'

/** `npm run build`: what is generated first, then the compiler, then the generated files beside what it compiled. */
async function build(): Promise<void> {
  const generated = 'schemas/generated'
  await step('schemas', () =>
    unlessUnchanged(
      'schemas',
      ['schemas/definitions.json', 'schemas/documents', 'schemas/messages', 'scripts/build-schemas.ts', 'package.json'],
      ['types.ts', 'validators.js', 'validators.d.ts'].map((name) => join(generated, name)),
      () => buildSchemas('schemas', generated),
    ),
  )
  await step('FHIR validators', () =>
    unlessUnchanged(
      'fhir',
      ['schemas/fhir/facility-types.ts', 'scripts/fhir', 'scripts/build-fhir-validators.ts', 'package.json'],
      FHIR_OUTPUTS.map((name) => join(generated, name)),
      () => buildFhirValidators(generated),
    ),
  )
  if (existsSync('design-docs/build.ts')) {
    const designDocs = join(process.cwd(), 'design-docs/build.ts')
    await step('design documents', async () => (await import(designDocs)).buildDesignDocs())
  }
  await step('compiler', compile)
  for (const folder of ['schemas', 'design-docs']) copyGenerated(folder)
}

async function step(name: string, run: () => unknown): Promise<void> {
  const startedAt = performance.now()
  const result = await run()
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  process.stdout.write(`${name}: ${typeof result === 'string' ? result : 'built'} (${seconds} s)\n`)
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
  for (const name of readdirSync(from)) {
    if (/\.(js|json|d\.ts)$/.test(name)) cpSync(join(from, name), join('dist', from, name), { recursive: true })
  }
}

build().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
  process.exitCode = 1
})
