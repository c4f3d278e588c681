import { CodedError } from '../../protocol/error-codes'
import { clash } from '../../protocol/external-id'
import { nodeNameOf } from '../../protocol/node-name'
import { type Database, endOf } from './database'
import { externalIdOf } from './node-documents'

const LEAST_CHARACTERS = 2

/** Law 2: throws EXTERNAL_ID_TAKEN if an external ID clashes with that of another node. The same ID is not looked at. */
export async function refuseClash(nodes: Database, externalId: string): Promise<void> {
  // `10` is in the way of `101`, and found by its own name; `101` in the way of `10`, in the range of what begins so.
  const shorter: string[] = []
  for (let length = LEAST_CHARACTERS; length < externalId.length; length++) {
    shorter.push(nodeNameOf(externalId.slice(0, length)))
  }
  const [found, longer] = await Promise.all([
    Promise.all(shorter.map(async (name) => ((await nodes.get(name)) === undefined ? [] : [name]))),
    nodes.ids(nodeNameOf(externalId), endOf(nodeNameOf(externalId))),
  ])
  const others = [...found.flat(), ...longer].map(externalIdOf).filter((other) => other !== externalId)
  if (others.some((other) => clash(externalId, other))) throw externalIdTaken()
}

export function externalIdTaken(): CodedError {
  return new CodedError(
    'EXTERNAL_ID_TAKEN',
    'An accepted facility has this external ID, or one that begins it or that it begins.',
  )
}
