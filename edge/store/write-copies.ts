import { placeOfDocument } from '../../protocol/ids'
import { owns } from '../../protocol/owns'
import type { RecordDocument } from '../../schemas/generated/types'
import type { EhrStore, Write } from './ehr'

/**
 * Puts in what was imported, all or nothing: new copies take the place of older ones, and copies of these patients that
 * the import doesn't have any more are removed. What belongs to another facility itself (its Organization) stays, because
 * other patients' copies may point to it.
 *
 * @param externalId  of this facility: a copy never stands where its own records do (law 1)
 */
export async function writeCopies(
  store: EhrStore,
  externalId: string,
  copies: readonly RecordDocument[],
): Promise<{ written: number; removed: number }> {
  for (const { _id, imported } of copies) {
    if (owns(externalId, _id) || imported === undefined) throw new Error('not a copy of another facility’s record')
  }
  const fresh = new Set(copies.map(({ _id }) => _id))
  let removed = 0
  const outcome = await store.write(async () => {
    const writes: Write[] = []
    for (const document of copies) {
      const found = await store.get(document._id)
      writes.push({ id: document._id, document, expectedRev: found.kind === 'present' ? found.rev : undefined })
    }
    for (const mrn of new Set(copies.flatMap((copy) => (copy.mrn === undefined ? [] : [partitionOf(copy._id)])))) {
      for (const { _id, _rev } of await store.read({ partition: mrn })) {
        if (!fresh.has(_id)) writes.push({ id: _id, document: undefined, expectedRev: _rev })
      }
    }
    removed = writes.length - copies.length
    return writes
  })
  if (outcome.kind === 'conflict') throw new Error('a copy changed while it was written')
  return { written: copies.length, removed }
}

function partitionOf(id: string): string {
  return placeOfDocument(id)?.partition ?? ''
}
