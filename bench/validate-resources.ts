import { patientBundles } from '../test/support/bundles'

/** What validation costs: loading the validators, the first resource, and the mean over real-world sized ones. */
export async function benchValidation(): Promise<void> {
  const resources = patientBundles(30).flatMap(({ entry = [] }) => entry.map(({ resource }) => resource))
  const startedAt = performance.now()
  // With its extension: import() is that of ES modules.
  await import('../schemas/generated/fhir-validators.js')
  const { validateResource } = await import('../schemas/fhir/validate-resource.js')
  const loadedAt = performance.now()
  validateResource(resources[0])
  const firstAt = performance.now()
  const refused = resources.filter((resource) => !validateResource(resource).ok).length
  const each = (performance.now() - firstAt) / resources.length
  process.stdout.write(
    `load ${(loadedAt - startedAt).toFixed(0)} ms, first ${(firstAt - loadedAt).toFixed(1)} ms, ` +
      `${resources.length} resources ${each.toFixed(4)} ms each, ${refused} refused\n`,
  )
}
