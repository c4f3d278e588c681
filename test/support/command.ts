import { spawn } from 'node:child_process'
import { resolve } from 'node:path'

export interface Ended {
  code: number | null
  out: string
  err: string
}

/** `lontar <arguments>` as a process that ends by itself. */
export function lontar(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  const child = spawn(process.execPath, [resolve(__dirname, '../../bin/lontar.js'), ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  return new Promise((ended) => child.once('close', (code) => ended({ code, out, err })))
}
