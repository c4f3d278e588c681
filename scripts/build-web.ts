import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { build } from 'vite'

/** The apps for browsers, each a folder with an index.html; the console of the hub will be another. */
const APPS = ['edge/web']

export const WEB_INPUTS = [...APPS, 'web-kit', 'schemas/messages', 'package.json']
export const WEB_OUTPUTS = APPS.map((app) => join('dist', app, 'index.html'))

/** Types first, then one folder an app, with hashed names beside an index.html. Nothing is loaded from anywhere else. */
export async function buildWeb(): Promise<void> {
  for (const app of APPS) {
    const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', app], { stdio: 'inherit' })
    if (status !== 0) throw new Error(`the types of ${app} do not fit`)
    await build({
      root: app,
      configFile: false,
      logLevel: 'error',
      build: {
        outDir: join(process.cwd(), 'dist', app),
        emptyOutDir: true,
        assetsInlineLimit: 0,
        target: 'es2022',
        // Every browser that runs es2022 knows modulepreload.
        modulePreload: { polyfill: false },
      },
    })
  }
}
