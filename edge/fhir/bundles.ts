import { STATUS_CODES } from 'node:http'
import type { Bundle, BundleEntry } from 'fhir/r4'
import { codedErrorOf } from '../../protocol/coded-error-of'
import { CodedError } from '../../protocol/error-codes'
import { operationOutcomeOf } from '../../protocol/operation-outcome'
import { checked } from '../../schemas/check'
import { isBundleRequest } from '../../schemas/generated/validators'
import { type Asked, allOrError, askedBy, type BundleEntryRequest, namesOf } from './bundle-entries'
import { type ChangeResult, located, MAX_NESTING, type Validate, type Wanted } from './change'
import { isNestedWithin, referencesIn, withReferences } from './elements'
import { resourceOf } from './resource-form'
import { etagOf } from './versions'

export const MAX_ENTRIES = 5_000

export interface BundleTools {
  externalId: string
  baseUrl: string
  validate: Validate
  /** Entries are answered with their resources, and not with the headers alone. */
  withResources: boolean
  apply: (wanted: readonly Wanted[]) => Promise<ChangeResult[]>
  /** `Patient/<MRN>`, `Observation?patient=…` */
  readUrl: (url: string) => Promise<NonNullable<BundleEntry['resource']>>
}

/** Answers a transaction or a batch. Throws what makes the whole of it fail. */
export async function answerBundle(body: unknown, tools: BundleTools): Promise<Bundle> {
  // Three levels of the bundle itself stand around each resource.
  if (!isNestedWithin(body, MAX_NESTING + 3))
    throw new CodedError('INVALID_REQUEST', `The body is nested deeper than ${MAX_NESTING} levels.`)
  const { type, entry = [] } = checked(isBundleRequest, body, 'the bundle')
  if (entry.length > MAX_ENTRIES) {
    throw new CodedError('BODY_TOO_LARGE', `A bundle has at most ${MAX_ENTRIES} entries; send it in smaller ones.`)
  }
  refuseSameName(entry)
  switch (type) {
    case 'transaction':
      return { resourceType: 'Bundle', type: 'transaction-response', ...nonEmpty(await transaction(entry, tools)) }
    case 'batch':
      return { resourceType: 'Bundle', type: 'batch-response', ...nonEmpty(await batch(entry, tools)) }
    default:
      throw new CodedError('INVALID_REQUEST', 'A bundle sent here must be a transaction or a batch.')
  }
}

/**
 * Two entries under one name leave open which of them a reference means, and a record could get to the wrong patient
 * (invariant bdl-7).
 */
function refuseSameName(entries: readonly BundleEntryRequest[]): void {
  const seen = new Set<string>()
  for (const [index, entry] of entries.entries()) {
    for (const name of namesOf(entry)) {
      if (seen.has(name))
        throw located(new CodedError('INVALID_REQUEST', 'Two entries have the same fullUrl, or end in the same id.'), {
          entry: index,
        })
      seen.add(name)
    }
  }
}

/** All changes or none; then what is read, so that it shows them (https://hl7.org/fhir/R4/http.html#trules). */
async function transaction(entries: readonly BundleEntryRequest[], tools: BundleTools): Promise<BundleEntry[]> {
  const asked = await allOrError(entries.length, (index) => askedBy(entries[index] ?? {}, index, tools))
  const results = (await tools.apply(asked.flatMap((one) => (one.kind === 'change' ? one.wanted : [])))).values()
  const answers: BundleEntry[] = []
  for (const one of asked) {
    const result = one.kind === 'change' ? results.next().value : undefined
    answers.push(result ? answerOf(result, tools) : await answered(() => readEntry(one, tools)))
  }
  return answers
}

/** Each entry for itself. One that refers to another comes after it, in whatever order they stand. */
async function batch(entries: readonly BundleEntryRequest[], tools: BundleTools): Promise<BundleEntry[]> {
  const answers: BundleEntry[] = []
  const reads: [number, Asked][] = []
  let waiting: { index: number; wanted: Wanted; references: string[] }[] = []
  for (const [index, entry] of entries.entries()) {
    answers[index] = await answered(async () => {
      const asked = askedBy(entry, index, tools)
      if (asked.kind === 'read') reads.push([index, asked])
      else waiting.push({ index, wanted: asked.wanted, references: referencesIn(entry.resource) })
      return {}
    })
  }
  const settled = new Map<string, string>()
  while (waiting.length > 0) {
    const names = new Set(waiting.flatMap(({ wanted }) => wanted.names))
    const free = waiting.filter(({ references, wanted }) =>
      references.every((one) => wanted.names.includes(one) || !names.has(one)),
    )
    // In a ring of references nobody can be first: they are tried, and refused for it.
    const ready = free.length > 0 ? free : waiting
    for (const { index, wanted } of ready) {
      answers[index] = await answered(async () => {
        const [result] = await tools.apply([resolved(wanted, settled)])
        if (!result) throw new Error('a change without a result')
        if (result.kind !== 'deleted') {
          const { resourceType, id } = result.document.resource
          for (const name of wanted.names) settled.set(name, `${resourceType}/${id}`)
        }
        return answerOf(result, tools)
      })
    }
    waiting = waiting.filter((one) => !ready.includes(one))
  }
  for (const [index, asked] of reads) answers[index] = await answered(() => readEntry(asked, tools))
  return answers
}

function resolved(wanted: Wanted, names: ReadonlyMap<string, string>): Wanted {
  const { change } = wanted
  if (change.kind === 'delete') return wanted
  const resource = withReferences(change.resource, (reference) => names.get(reference) ?? reference)
  return { ...wanted, change: { ...change, resource } }
}

async function readEntry(asked: Asked, tools: BundleTools): Promise<BundleEntry> {
  if (asked.kind !== 'read') throw new Error('not an entry to read')
  return { resource: await tools.readUrl(asked.url), response: { status: statusLine(200) } }
}

function answerOf(result: ChangeResult, { baseUrl, withResources }: BundleTools): BundleEntry {
  if (result.kind === 'deleted') return { response: { status: statusLine(204) } }
  const { document } = result
  const { resourceType, id } = document.resource
  return {
    fullUrl: `${baseUrl}/${resourceType}/${id}`,
    ...(withResources ? { resource: resourceOf(document) as NonNullable<BundleEntry['resource']> } : {}),
    response: {
      status: statusLine(result.kind === 'created' ? 201 : 200),
      location: `${baseUrl}/${resourceType}/${id}/_history/${document._rev}`,
      etag: etagOf(document._rev),
      lastModified: document.recordedAt,
    },
  }
}

/** An entry that failed for a reason of its own says so; a fault of ours fails the whole. */
async function answered(work: () => Promise<BundleEntry>): Promise<BundleEntry> {
  try {
    return await work()
  } catch (error) {
    const coded = codedErrorOf(error)
    if (!coded) throw error
    const outcome = operationOutcomeOf(coded, coded.problems)
    return { response: { status: statusLine(coded.status), outcome } }
  }
}

function statusLine(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`.trim()
}

function nonEmpty(entry: BundleEntry[]): Pick<Bundle, 'entry'> {
  return entry.length > 0 ? { entry } : {}
}
