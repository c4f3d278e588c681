import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { compressAssets } from './compress-assets'

/** The apps for browsers, each a folder with an index.html, and the address below which its program serves it. */
const APPS = { 'edge/web': '/', 'hub/web': '/console/' } as const
const FOLDERS = Object.keys(APPS) as (keyof typeof APPS)[]

/** What the apps take from outside of their folders is pure, and small. */
const SHARED = ['web-kit', 'protocol', 'schemas/messages', 'schemas/documents', 'hub/audit', 'hub/today']

export const WEB_INPUTS = [...FOLDERS, ...SHARED, 'scripts/build-web.ts', 'scripts/compress-assets.ts', 'package.json']
export const WEB_OUTPUTS = FOLDERS.map((app) => join('dist', app, 'index.html'))

/** Types first, then one folder an app, with hashed names beside an index.html. Nothing is loaded from anywhere else. */
export async function buildWeb(): Promise<void> {
  for (const app of FOLDERS) {
    run(`the types of ${app} do not fit`, ['node_modules/typescript/bin/tsc', '-p', app])
    // In a process of its own: Vite writes the text of functions of its own into the pages, to load a part's styles with
    // the part, and whatever compiles TypeScript on the way here changes that text, so that it leaves them out in silence.
    const config = ['--config', resolve('web-kit/vite.config.mjs'), '--configLoader', 'native']
    run(`${app} can't be built`, [
      'node_modules/vite/bin/vite.js',
      'build',
      app,
      ...config,
      '--base',
      APPS[app],
      '--outDir',
      resolve('dist', app),
    ])
    compressAssets(join('dist', app, 'assets'))
  }
}

function run(complaint: string, args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
  if (status !== 0) throw new Error(complaint)
}
