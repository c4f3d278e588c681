import { CodedError } from '../../protocol/error-codes'
import type { RekeyResult } from '../../schemas/generated/types'
import type { Database, DatabaseDocument } from '../nodes/database'
import type { Sealer } from '../nodes/seal'
import { checkKeys, KEYS_ID, readKeys, replacedKeys } from './keys-document'
import { resealed } from './reseal'

export interface RekeyDeps {
  nodeSecurity: Pick<Database, 'get' | 'put' | 'range'>
  sealer: Sealer
  hubId: string
  now: () => Date
}

/** A gateway that writes meanwhile costs another look; more looks than this mean that one still seals with the old key. */
const MOST_LOOKS = 10
const MOST_NAMED = 100

/**
 * Seals every secret of the database under HUB_SECRET_KEY. Each document is written by itself and the check value last, so that
 * a `kill -9` at any moment leaves documents that both keys open, and calling it again does what is left. Gateways go on
 * meanwhile: a document that one of them changed at the same moment is looked at once more.
 */
export async function rekey({ nodeSecurity, sealer, hubId, now }: RekeyDeps): Promise<RekeyResult> {
  let count = 0
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const documents = ((await nodeSecurity.range('', '\uffff')) as DatabaseDocument[]).filter(
      ({ _id }) => _id !== KEYS_ID,
    )
    const unreadable: string[] = []
    let isQuiet = true
    for (const document of documents) {
      const outcome = resealed(document, sealer)
      if (outcome.unreadable > 0) unreadable.push(document._id)
      if (outcome.resealed === 0) continue
      isQuiet = false
      if ((await nodeSecurity.put(outcome.document as DatabaseDocument)) === 'written') count += outcome.resealed
    }
    if (!isQuiet) continue
    const told = { documents: documents.length, resealed: count, unreadable: unreadable.slice(0, MOST_NAMED) }
    if (unreadable.length > 0) return { finished: false, ...told }
    const keys = await readKeys(nodeSecurity)
    if (!keys) throw new Error('the database has no check value, although the hub has started')
    if (checkKeys(keys, sealer) === 'current') return { finished: true, ...told }
    if ((await nodeSecurity.put(replacedKeys(keys, sealer, hubId, now()))) === 'written') count += 2
  }
  throw new CodedError('OVERLOADED', 'A gateway keeps sealing with the old key; give every one the new key first.')
}
