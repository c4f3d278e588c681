import { type UseQueryResult, useQueries, useQuery } from '@tanstack/react-query'
import type { Bundle, FhirResource, Patient } from 'fhir/r4'
import { useMemo, useState } from 'react'
import { AskError, ask } from '../../../web-kit/ask'
import { useLinking } from '../imports/linked-records'
import { linkedMrns } from '../imports/local-file'
import { originOf } from './origin'
import { type PatientRecord, recordOf } from './record'

const PAGE = 1_000
/** Ten thousand resources: years of a hospital. */
const MOST_PAGES = 10
/** As many as the hub follows links to. */
const MOST_LINKED = 20

export const recordKey = (mrn: string) => ['record', mrn] as const

/** One record as it was read. */
interface Read {
  readonly patient: Patient
  readonly resources: readonly FhirResource[]
  readonly isWhole: boolean
}

interface Whole {
  readonly mrn: string
  readonly record: PatientRecord
  readonly isWhole: boolean
}

/**
 * A patient's record. That of a file of our own has in it what is here of the same person's other records: an allergy that
 * another facility knows of holds here, too. A copy shows what came.
 *
 * @param isClinical  false for whoever may see who the patient is, and no more
 */
export function useRecord(mrn: string, isClinical = true) {
  const own = useQuery({
    queryKey: recordKey(mrn),
    queryFn: ({ signal }) => (isClinical ? readRecord(mrn, signal) : readPatient(mrn, signal)),
  })
  const linking = useLinking(mrn)
  const isFile = isClinical && own.data !== undefined && originOf(own.data.patient).kind === 'own'
  const linked = useQueries({
    queries: (isFile ? othersOf(own.data.patient, linking.data) : []).map((other) => ({
      queryKey: [...recordKey(other), 'linked'],
      queryFn: ({ signal }: { signal: AbortSignal }) => readIfHere(other, signal),
    })),
    combine: together,
  })
  const whole = useMemo((): Whole | undefined => {
    if (!own.data) return undefined
    // Half of the allergies would be worse than none.
    if (isFile && (!linking.data || !linked.reads)) return undefined
    const reads = [own.data, ...(linked.reads ?? [])]
    return {
      mrn,
      record: recordOf(
        own.data.patient,
        reads.flatMap(({ resources }) => resources),
      ),
      isWhole: reads.every(({ isWhole }) => isWhole),
    }
  }, [mrn, own.data, isFile, linking.data, linked.reads])
  // While another record is linked to this one and read, what was whole before stays: somebody may be writing beside it.
  const [last, setLast] = useState(whole)
  if (whole && whole !== last) setLast(whole)
  return {
    data: whole ?? (last?.mrn === mrn ? last : undefined),
    error: own.error ?? (isFile ? (linking.error ?? linked.error) : null),
    refetch: () => Promise.all([own.refetch(), linking.refetch(), linked.refetch()]),
  }
}

function othersOf(patient: Patient, linking: readonly Patient[] = []): string[] {
  const mrns = new Set([...linkedMrns(patient), ...linking.flatMap(({ id }) => id ?? [])])
  mrns.delete(patient.id ?? '')
  return [...mrns].slice(0, MOST_LINKED)
}

/** `reads` is undefined until all of them are there. */
function together(results: UseQueryResult<Read | null>[]) {
  const isThere = results.every(({ data }) => data !== undefined)
  return {
    reads: isThere ? results.flatMap(({ data }) => data ?? []) : undefined,
    error: results.find(({ error }) => error)?.error ?? null,
    refetch: () => Promise.all(results.map((result) => result.refetch())),
  }
}

async function readPatient(mrn: string, signal: AbortSignal): Promise<Read> {
  const patient = await ask<Patient>(`/fhir/Patient/${encodeURIComponent(mrn)}`, { signal })
  return { patient, resources: [patient], isWhole: true }
}

/** Null where it was never brought here: searched by `_id`, since a 404 is an error in a browser. */
async function readIfHere(mrn: string, signal: AbortSignal): Promise<Read | null> {
  const { entry = [] } = await ask<Bundle<Patient>>(`/fhir/Patient?_id=${encodeURIComponent(mrn)}`, { signal })
  return entry.length === 0 ? null : readRecord(mrn, signal)
}

async function readRecord(mrn: string, signal: AbortSignal): Promise<Read> {
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
    path = pathOf(bundle.link?.find(({ relation }) => relation === 'next')?.url)
  }
  const patient = resources.find((one): one is Patient => one.resourceType === 'Patient' && one.id === mrn)
  if (!patient) throw new AskError('RESOURCE_NOT_FOUND', '', 404)
  return { patient, resources, isWhole }
}

/** The address as the edge sees itself may not be the one that the browser has. */
export function pathOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : new URL(url).pathname + new URL(url).search
}
