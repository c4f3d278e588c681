import type { CredentialsDocument } from '../../schemas/generated/types'
import { isCredentialsDocument } from '../../schemas/generated/validators'
import { endOf, stored } from './database'
import type { NodeStores } from './node-stores'
import { isOver } from './overlap'

/**
 * The gateways refuse an old password from the end of its overlap on; this takes it out of CouchDB too, and what is written
 * down of it. Any gateway may do it, and several at once.
 */
export async function endOverlaps({ nodeSecurity, secrets, settle, now }: NodeStores): Promise<void> {
  const all = (await nodeSecurity.range('node-', endOf('node-'))).map(
    (document): CredentialsDocument => stored(isCredentialsDocument, document, 'credentials'),
  )
  for (const { _id } of all.filter((one) => isOver(one, now()))) {
    if (await secrets.endOverlap(_id)) await settle(_id)
  }
}
