import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { EdgeState } from '../../edge/store/state'

/**
 * Makes a copy of an edge's data into what a copied disk is: there the file that tells a folder from its copies has the
 * inode and the time that the state names (edge/store/notice-copy.ts).
 */
export async function asDiskImage(dataFolder: string): Promise<void> {
  const state = await EdgeState.open(dataFolder)
  const identities = state.part<{ file: string; inode: string; changedNs: string }>('identity')
  const known = await identities.get('current')
  if (!known) throw new Error('it has never been started')
  const { ino, ctimeNs } = await stat(join(dataFolder, 'identity', known.file), { bigint: true })
  await identities.put('current', { ...known, inode: String(ino), changedNs: String(ctimeNs) })
  await state.stop()
}
