import type { Bundle } from 'fhir/r4'
import { madeUpRecord } from '../../scripts/made-up/records'
import { readBundle, syntheaFiles } from './synthea'

/** One patient a bundle: Synthea's where they are to be had, made-up ones elsewhere. */
export function patientBundles(most: number): Bundle[] {
  const files = syntheaFiles().slice(0, most)
  if (files.length > 0) return files.map(readBundle)
  return Array.from({ length: most }, (_, index) => madeUpRecord(1, index, new Date('2026-01-15T00:00:00Z')))
}
