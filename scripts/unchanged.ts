import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Runs a slow step of the build only when something it reads has changed since it last ran. `inputs` are files and
 * folders, everything in them except `generated`; their hash is kept in a stamp beside the outputs.
 */
export async function unlessUnchanged(
  name: string,
  inputs: string[],
  outputs: string[],
  step: () => Promise<void> | void,
): Promise<'built' | 'unchanged'> {
  const stamp = join(dirname(outputs[0] ?? ''), `.${name}.stamp`)
  const hash = hashOf(inputs)
  if (outputs.every(existsSync) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return 'unchanged'
  mkdirSync(dirname(stamp), { recursive: true })
  await step()
  writeFileSync(stamp, hash)
  return 'built'
}

function hashOf(inputs: string[]): string {
  const hash = createHash('sha256')
  for (const path of inputs.flatMap(filesIn).sort()) hash.update(`${path}\0${readFileSync(path, 'utf8')}\0`)
  return hash.digest('hex')
}

/** Every file at or below a path, without generated ones. */
export function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .filter((name) => name !== 'generated')
    .flatMap((name) => filesIn(join(path, name)))
}
