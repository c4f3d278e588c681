import type { Patient } from 'fhir/r4'
import { documentIdOf } from '../../protocol/ids'
import { counterOf, isMrn } from '../../protocol/mrn'
import { owns } from '../../protocol/owns'
import { located } from '../fhir/change'
import { ElementError } from '../fhir/element-error'
import type { EhrStore } from '../store/ehr'
import { maybeSamePerson } from './same-person'
import type { SourceEntry } from './source-entries'

export interface MrnTools {
  externalId: string
  store: EhrStore
  mint: (count: number) => Promise<string[]>
  /** The MRN of the living patient who was loaded from `Patient/<id>`. */
  mrnOfSource: (sourceId: string) => Promise<string | undefined>
}

/** By the id that each patient of the bundle has in it. An id that is an MRN of this facility stays what it is. */
export async function mrnsFor(
  entries: readonly SourceEntry[],
  tools: MrnTools,
): Promise<{ mrns: Map<string, string>; minted: Set<string> }> {
  const mrns = new Map<string, string>()
  const unknown = new Set<string>()
  for (const one of entries) {
    if (one.type !== 'Patient' || mrns.has(one.id) || unknown.has(one.id)) continue
    const known = (await isOwnMrn(one.id, tools)) ? one.id : await tools.mrnOfSource(`Patient/${one.id}`)
    if (known === undefined) unknown.add(one.id)
    else {
      await refuseOtherPerson(one, known, tools.store)
      mrns.set(one.id, known)
    }
  }
  const minted = unknown.size === 0 ? [] : await tools.mint(unknown.size)
  for (const [index, id] of [...unknown].entries()) mrns.set(id, minted[index] ?? '')
  return { mrns, minted: new Set(minted) }
}

async function refuseOtherPerson(one: SourceEntry, mrn: string, store: EhrStore): Promise<void> {
  const stored = await store.get(documentIdOf({ partition: mrn, type: 'Patient' }))
  if (stored.kind !== 'present' || maybeSamePerson(stored.document.resource as Patient, one.resource as Patient)) return
  const problem = { expression: 'Patient.id', diagnostics: 'is the id under which another person was loaded before' }
  throw located(
    new ElementError('INVALID_REQUEST', 'Another person was loaded under the same id before.', [problem]),
    one,
  )
}

/** One that the facility minted, or has: another system's number may look like one by chance. */
async function isOwnMrn(id: string, { externalId, store }: MrnTools): Promise<boolean> {
  if (!isMrn(id) || id === externalId || !owns(externalId, id)) return false
  if (counterOf(externalId, id) !== undefined) return true
  return (await store.get(documentIdOf({ partition: id, type: 'Patient' }))).kind !== 'absent'
}
