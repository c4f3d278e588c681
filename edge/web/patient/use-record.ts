import { useQuery } from '@tanstack/react-query'
import type { Bundle, FhirResource, Patient } from 'fhir/r4'
import { AskError, ask } from '../../../web-kit/ask'
import { recordOf } from './record'

const PAGE = 1_000
/** Ten thousand resources: years of a hospital. */
const MOST_PAGES = 10

export const recordKey = (mrn: string) => ['record', mrn] as const

/** @param isClinical  false for whoever may see who the patient is, and no more */
export function useRecord(mrn: string, isClinical = true) {
  return useQuery({
    queryKey: recordKey(mrn),
    queryFn: ({ signal }) => (isClinical ? readRecord(mrn, signal) : readPatient(mrn, signal)),
  })
}

async function readPatient(mrn: string, signal: AbortSignal) {
  const patient = await ask<Patient>(`/fhir/Patient/${encodeURIComponent(mrn)}`, { signal })
  return { record: recordOf(patient, [patient]), isWhole: true }
}

async function readRecord(mrn: string, signal: AbortSignal) {
  const resources: FhirResource[] = []
  let path: string | undefined = `/fhir/Patient/${encodeURIComponent(mrn)}/$everything?_count=${PAGE}`
  let isWhole = true
  for (let page = 0; path !== undefined; page += 1) {
    if (page === MOST_PAGES) {
      isWhole = false
      break
    }
    const bundle: Bundle<FhirResource> = await ask(path, { signal })
    resources.push(...(bundle.entry ?? []).flatMap(({ resource }) => resource ?? []))
    const next = bundle.link?.find(({ relation }) => relation === 'next')?.url
    // The address as the edge sees itself may not be the one that the browser has.
    path = next === undefined ? undefined : new URL(next).pathname + new URL(next).search
  }
  const patient = resources.find((one): one is Patient => one.resourceType === 'Patient' && one.id === mrn)
  if (!patient) throw new AskError('RESOURCE_NOT_FOUND', '', 404)
  return { record: recordOf(patient, resources), isWhole }
}
