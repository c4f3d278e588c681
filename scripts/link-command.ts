import { chmodSync, existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Makes `npx lontar` work in a checkout: npm links the commands of dependencies, and not those of the package itself.
 */
export function linkCommand(): string {
  const folder = join('node_modules', '.bin')
  if (!existsSync(folder)) return 'no node_modules'
  const target = join('..', '..', 'bin', 'lontar.js')
  if (process.platform === 'win32') {
    writeFileSync(join(folder, 'lontar.cmd'), `@node "%~dp0\\${target}" %*\r\n`)
    return 'linked'
  }
  const link = join(folder, 'lontar')
  rmSync(link, { force: true })
  symlinkSync(target, link)
  chmodSync(link, 0o755)
  return 'linked'
}
