import { CodedError } from '../../protocol/error-codes'
import { documentIdOf } from '../../protocol/ids'
import type { EhrStore, Stored, StoredDocument, Write } from '../store/ehr'
import { type Change, type ChangeResult, located, type Update, type Wanted } from './change'
import { type Placed, type PlacingTools, placeChanges } from './place-changes'
import { isPatientBound, patientExpression, patientReferenceInvalid } from './placement'
import { documentOf } from './resource-form'
import { editConflict, revisionIn, versionConflict } from './versions'

export type ChangeTools = PlacingTools & { store: EhrStore; now: () => Date }

/**
 * Does all of the changes or none. The checks run in the store's queue, so that what they have seen is still so when the
 * batch is written. Throws what the first refused change is refused for, naming its entry.
 */
export async function applyChanges(wanted: readonly Wanted[], tools: ChangeTools): Promise<ChangeResult[]> {
  // What each change wants to replace is what was there when it was asked for: two at the same moment don't both win.
  const seen = await Promise.all(wanted.map(({ change }) => seenBy(change, tools.store)))
  const planned: Planned[] = []
  const outcome = await tools.store.write(async () => {
    planned.push(...(await plan(wanted, seen, tools)))
    return planned.flatMap(({ write }) => write ?? [])
  })
  if (outcome.kind === 'conflict') {
    const loser = planned.findIndex(({ write }) => write?.id === outcome.id)
    const change = wanted[loser]?.change
    const error =
      change && change.kind !== 'create' && change.ifMatch !== undefined ? versionConflict() : editConflict()
    throw located(error, wanted[loser])
  }
  const revs = outcome.revs.values()
  return planned.map(({ write, kind, existing }): ChangeResult => {
    const rev = write ? (revs.next().value ?? '') : ''
    if (kind === 'deleted') return { kind, rev }
    const document = write?.document ? { ...write.document, _rev: rev } : existing
    if (!document) throw new Error('a change ended without a document')
    return { kind, document }
  })
}

/** What stands where the updates go. */
export async function standing(
  wanted: readonly Wanted[],
  store: EhrStore,
): Promise<(change: Update) => Stored | undefined> {
  const updates = wanted.flatMap(({ change }) => (change.kind === 'update' ? [change] : []))
  const seen = new Map(await Promise.all(updates.map(async (change) => [change, await seenBy(change, store)] as const)))
  return (change) => seen.get(change)
}

interface Planned {
  kind: ChangeResult['kind']
  write?: Write
  existing?: StoredDocument
}

async function seenBy(change: Change, store: EhrStore): Promise<Stored> {
  return change.kind === 'create' ? { kind: 'absent' } : store.get(documentIdOf(change.place))
}

async function plan(wanted: readonly Wanted[], seen: readonly Stored[], tools: ChangeTools): Promise<Planned[]> {
  const placed = await placeChanges(wanted, tools)
  refuseTwice(placed, wanted)
  const planned: Planned[] = []
  for (const [index, one] of placed.entries()) {
    const want = wanted[index]
    const before = seen[index]
    if (!want || !before) continue
    try {
      await checkPatient(one, placed, tools.store)
      planned.push(await plannedOf(want.change, one, before, tools))
    } catch (error) {
      throw located(error, want)
    }
  }
  return planned
}

async function plannedOf(change: Change, placed: Placed, before: Stored, tools: ChangeTools): Promise<Planned> {
  if (placed.kind === 'found') return { kind: 'found', existing: placed.document }
  const id = documentIdOf(placed.place)
  const rev = before.kind === 'present' ? before.rev : undefined
  if (change.kind !== 'create' && change.ifMatch !== undefined && revisionIn(change.ifMatch) !== rev)
    throw versionConflict()
  if (placed.kind === 'delete') {
    if (before.kind === 'absent') throw new CodedError('RESOURCE_NOT_FOUND', 'No resource has this type and id here.')
    return before.kind === 'deleted'
      ? { kind: 'deleted' }
      : { kind: 'deleted', write: { id, document: undefined, expectedRev: rev } }
  }
  const kept = before.kind === 'present' ? keptOf(before.document) : {}
  const document = documentOf(placed.place, placed.resource, tools.externalId, tools.now(), kept)
  return { kind: rev === undefined ? 'created' : 'updated', write: { id, document, expectedRev: rev } }
}

function keptOf({ localOnly, sourceId }: StoredDocument): { localOnly?: boolean; sourceId?: string } {
  return { ...(localOnly === undefined ? {} : { localOnly }), ...(sourceId === undefined ? {} : { sourceId }) }
}

/** A record has its patient, and a patient goes last. */
async function checkPatient(one: Placed, all: readonly Placed[], store: EhrStore): Promise<void> {
  if (one.kind === 'found') return
  const { partition, type } = one.place
  if (one.kind === 'delete') {
    if (type !== 'Patient') return
    const going = new Set(all.flatMap((other) => (other.kind === 'delete' ? [documentIdOf(other.place)] : [])))
    const staying = (await store.readIds({ partition })).some((id) => !going.has(id))
    const coming = all.some((other) => other.kind === 'put' && other.place.partition === partition)
    if (staying || coming) throw new CodedError('PATIENT_HAS_RECORDS', 'The patient has records; delete them first.')
    return
  }
  if (!isPatientBound(one.type)) return
  const isPatients = (other: Placed) =>
    other.kind !== 'found' && other.place.partition === partition && other.place.type === 'Patient'
  const change = all.find(isPatients)
  const isThere = change
    ? change.kind === 'put'
    : (await store.get(documentIdOf({ partition, type: 'Patient' }))).kind === 'present'
  if (!isThere) throw patientReferenceInvalid(patientExpression(one.type), 'must point to a patient of this facility')
}

function refuseTwice(placed: readonly Placed[], wanted: readonly Wanted[]): void {
  const ids = new Set<string>()
  for (const [index, one] of placed.entries()) {
    if (one.kind === 'found') continue
    const id = documentIdOf(one.place)
    if (ids.has(id))
      throw located(new CodedError('INVALID_REQUEST', 'A bundle changes a resource once at most.'), wanted[index])
    ids.add(id)
  }
}
