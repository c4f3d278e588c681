import { PlainError } from '../../runtime/plain-error'

/** Runs what opens the data folder; what a person can act on is said in one line. */
export async function openedIn<T>(dataFolder: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    const sentence = sentenceFor(textOf(error))
    if (sentence === undefined) throw error
    throw new PlainError(`${sentence} EDGE_DATA is ${dataFolder}.`, { cause: error })
  }
}

/** LevelDB tells its failures apart only in words; those of the file system stand among them. */
function sentenceFor(text: string): string | undefined {
  if (/\block\b|LEVEL_LOCKED/.test(text)) return 'Another edge runs on this data folder; stop it, or set EDGE_DATA.'
  if (/ENOSPC|No space left/.test(text)) return 'The disk of the data folder is full; make room on it.'
  if (/EACCES|EPERM|EROFS|Permission denied|Read-only/.test(text)) return 'The data folder can not be written to.'
  if (/ENOTDIR|EEXIST|Not a directory/.test(text)) return 'The data folder is not a folder.'
  if (/Corruption|LEVEL_CORRUPTION/.test(text)) return 'The data folder is damaged; restore it from a backup.'
  return undefined
}

function textOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  const code = 'code' in error ? String(error.code) : ''
  const message = 'message' in error ? String(error.message) : ''
  return `${code} ${message} ${'cause' in error ? textOf(error.cause) : ''}`
}
