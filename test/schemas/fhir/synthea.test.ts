import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { validateResource } from '../../../schemas/fhir/validate-resource'

const FOLDER = process.env['SYNTHEA_DIR'] ?? join(__dirname, '../../../../shared/data/synthea')

describe('the Synthea bundles', () => {
  if (!existsSync(FOLDER)) {
    test.skip(`are not there: put them in ${FOLDER}, or set SYNTHEA_DIR`, () => {})
    return
  }

  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json.gz'))

  test.each(files)('pass, resource by resource: %s', (file) => {
    const resources = resourcesIn(join(FOLDER, file))
    expect(resources.length).toBeGreaterThan(0)
    expect(resources.map(validateResource).filter(({ ok }) => !ok)).toEqual([])
  })
})

function resourcesIn(file: string): unknown[] {
  const bundle: { entry: { resource: unknown }[] } = JSON.parse(gunzipSync(readFileSync(file)).toString())
  return bundle.entry.map(({ resource }) => resource)
}
