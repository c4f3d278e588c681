import { randomBytes } from 'node:crypto'
import { link, mkdir, open, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { readFileIfThere } from '../runtime/atomic-file'
import { PlainError } from '../runtime/plain-error'
import { Secret } from '../runtime/settings'

/**
 * A secret of 32 random bytes in a file that only its owner can read, made where there is none. Two hubs that start in
 * one folder at the same moment end with the same secret: the file is linked into place as a whole, by the first alone.
 */
export async function keptSecret(folder: string, name: string): Promise<Secret> {
  const known = await readKeptSecret(folder, name)
  if (known) return known
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const draft = join(folder, `${name}.${process.pid}.${randomBytes(4).toString('hex')}.draft`)
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${randomBytes(32).toString('base64url')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await link(draft, join(folder, name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await unlink(draft)
  }
  const parent = await open(folder, 'r')
  await parent.sync().finally(() => parent.close())
  const made = await readKeptSecret(folder, name)
  if (!made) throw new PlainError(`${join(folder, name)} is gone again: something else deletes files there.`)
  return made
}

/** Undefined where it was not made yet. */
export async function readKeptSecret(folder: string, name: string): Promise<Secret | undefined> {
  const text = await readFileIfThere(join(folder, name))
  if (text === undefined) return undefined
  // Another in its place would make everything sealed with it unreadable, without a word.
  if (text.trim() === '') throw new PlainError(`${join(folder, name)} is empty. Restore it from a backup.`)
  return new Secret(text.trim())
}
