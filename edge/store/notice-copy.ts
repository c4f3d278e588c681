import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder, writeDurably } from '../../runtime/atomic-file'
import { type EdgeState, ON_DISK, type StateChange } from './state'

/** A file in `<EDGE_DATA>/identity`, as the disk knew it when it was made. */
interface Identity {
  file: string
  inode: string
  /** Of its last change in ns, which only the kernel sets: a copy's is the moment of copying, whatever `cp -a` keeps. */
  changedNs: string
}

const FOLDER = 'identity'
const CURRENT = 'current'
const TEXT =
  'Tells this folder from copies of it. Touch this file before a disk image or snapshot that was put back is started.\n'

/**
 * Calls `onCopy` where the data folder is a copy: of a backup that was put back, of another machine, or of one part alone.
 * Whoever made numbers up after the copy was made is not in it, and so must not be guessed.
 *
 * The state names one small file, and what only the file itself can have: its inode and the time of its change. Each start
 * makes another file, names it and removes the old one. So a backup holds a file that no longer is where it is put back,
 * also where the tool that does it (rsync) leaves alone what looks the same.
 *
 *     backup: state → a, file a     since: state → b, file b     put back: state → a, file a, but made just now
 *
 * Not seen: a disk image, or a snapshot of a machine or a file system, that is put back, for the inode and its time come
 * along; and a copy that was made while the edge ran and is put in place by rsync before the next start. Then the hub's
 * floor alone tells, once the link is there. Seen where nothing was copied: a `chown`, a `chmod` or a hard link of the
 * file, which costs no more than one answer of the hub. The device is not looked at: its number can be another one after any
 * restart, and a disk that was moved to another machine is no copy.
 */
export async function noticeCopy(
  dataFolder: string,
  state: EdgeState,
  parts: {
    /** Whether anything was ever stored here; asked only where the state names no file. */
    hasPast: () => Promise<boolean>
    /** What it stores must be on the disk when it resolves: from then on the folder passes for itself. */
    onCopy: () => Promise<void>
    /** What stands and falls with the identity, written again in one batch with it. */
    alongside: () => Promise<StateChange[]>
  },
): Promise<void> {
  const folder = join(dataFolder, FOLDER)
  const identities = state.part<Identity>('identity')
  const known = await identities.get(CURRENT)
  const isCopy = known === undefined ? await parts.hasPast() : !(await isItself(folder, known))
  if (isCopy) await parts.onCopy()

  const fresh = await make(folder)
  // A backup that is copied over what is there leaves LevelDB its newest log, which it reads as well: what names the newest
  // file must not come back without the rest.
  const named: StateChange = { type: 'put', sublevel: identities, key: CURRENT, value: fresh }
  await state.level.batch([named, ...(await parts.alongside())], ON_DISK)
  // Killed before this, the next start finds several files, and the one that the state names among them.
  for (const file of await readdir(folder)) if (file !== fresh.file) await rm(join(folder, file), { force: true })
  // Before any number is given out: the file of a backup must not come back by a power cut.
  await syncFolder(folder)
}

async function isItself(folder: string, known: Identity): Promise<boolean> {
  try {
    const { inode, changedNs } = await identityOf(folder, known.file)
    return inode === known.inode && changedNs === known.changedNs
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

async function make(folder: string): Promise<Identity> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const name = randomUUID()
  await writeDurably(join(folder, name), TEXT)
  await syncFolder(folder)
  return identityOf(folder, name)
}

async function identityOf(folder: string, file: string): Promise<Identity> {
  const { ino, ctimeNs } = await stat(join(folder, file), { bigint: true })
  return { file, inode: String(ino), changedNs: String(ctimeNs) }
}
