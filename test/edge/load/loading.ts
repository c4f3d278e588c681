import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { findByQuery } from '../../../edge/fhir/find-by-query'
import type { LoadTools } from '../../../edge/load/load-bundle'
import { validateResource } from '../../../schemas/fhir/validate-resource'
import type { Opened } from '../store/opened'

const folder = process.env['SYNTHEA_DIR'] ?? resolve(__dirname, '../../../../shared/data/synthea')

/** The Synthea bundles, or none where they are not on this machine. */
export const syntheaFiles: string[] = existsSync(folder)
  ? readdirSync(folder)
      .filter((file) => file.endsWith('.json.gz'))
      .sort()
      .map((file) => join(folder, file))
  : []

export function bundleIn(file: string): {
  entry: { fullUrl: string; resource: { resourceType: string; id: string } }[]
} {
  return JSON.parse(gunzipSync(readFileSync(file)).toString())
}

export function loadTools(edge: Opened): LoadTools {
  return {
    ...edge,
    externalId: '101',
    mint: (count) => edge.counter.mint(count),
    mrnOfSource: (source) => edge.index.mrnOfSource(source),
    find: findByQuery({ ...edge, externalId: '101' }),
    validate: validateResource,
    now: () => new Date(),
  }
}
