import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** What validation costs: loading, the first resource, and the mean over the Synthea bundles. */
const folder = process.env['SYNTHEA_DIR'] ?? '../shared/data/synthea'
const resources = readdirSync(folder)
  .filter((name) => name.endsWith('.json.gz'))
  .map((name): { entry: { resource: unknown }[] } =>
    JSON.parse(gunzipSync(readFileSync(join(folder, name))).toString()),
  )
  .flatMap(({ entry }) => entry.map(({ resource }) => resource))

async function main(): Promise<void> {
  const startedAt = performance.now()
  // With its extension: import() is that of ES modules.
  const { validateResource } = await import('../schemas/fhir/validate-resource.js')
  const loadedAt = performance.now()
  validateResource(resources[0])
  const firstAt = performance.now()
  const refused = resources.filter((resource) => !validateResource(resource).ok).length
  const endedAt = performance.now()
  const each = (endedAt - firstAt) / resources.length
  process.stdout.write(
    `load ${(loadedAt - startedAt).toFixed(0)} ms, first ${(firstAt - loadedAt).toFixed(1)} ms, ` +
      `${resources.length} resources ${each.toFixed(4)} ms each, ${refused} refused\n`,
  )
}

void main()
