import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const PROGRAM = resolve(__dirname, '../../bin/lontar.js')
const READY_MS = 60_000

/** A real program, started as a process of its own. */
export interface Running {
  /** Where it listens. */
  readonly url: string
  readonly dataFolder: string
  /** Everything that it has written to standard output and error. */
  output(): string
  /** With what it has ended; undefined while it runs. */
  ended(): string | undefined
  /** SIGTERM, and wait. */
  stop(): Promise<void>
  /** SIGKILL, and wait: what was not on the disk is gone. */
  kill(): Promise<void>
  /** Starts the same program again, with the same settings, data and port. */
  start(): Promise<void>
  readonly pid: number
}

/**
 * Starts `lontar <arguments>` and waits for its line `… ready at <url>`.
 *
 * @param portSetting  the setting that holds the port; any free one the first time, the same one from then on
 */
export async function startProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  portSetting: string,
  dataFolder: string,
): Promise<Running> {
  let child: ChildProcess
  let output = ''
  let port = env[portSetting] ?? '0'
  let url = ''

  const start = async () => {
    const started = spawn(process.execPath, [PROGRAM, ...args], {
      env: { PATH: process.env['PATH'] ?? '', ...env, [portSetting]: port },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = started
    url = await new Promise<string>((ready, failed) => {
      const timer = setTimeout(() => failed(new Error(`not ready after ${READY_MS} ms:\n${output}`)), READY_MS)
      let lines = ''
      const read = (chunk: Buffer) => {
        output += chunk.toString()
        lines += chunk.toString()
        const found = /ready at (http\S+)/.exec(lines)?.[1]
        if (!found) return
        clearTimeout(timer)
        ready(found)
      }
      started.stdout?.on('data', read)
      started.stderr?.on('data', read)
      started.once('exit', (code, signal) => {
        clearTimeout(timer)
        failed(new Error(`ended with ${code ?? signal} before it was ready:\n${output}`))
      })
    })
    port = new URL(url).port
  }
  const end = async (signal: NodeJS.Signals) => {
    const ending = child
    if (ending.exitCode !== null || ending.signalCode !== null) return
    const ended = new Promise((done) => ending.once('exit', done))
    ending.kill(signal)
    await ended
  }
  await start()
  return {
    get url() {
      return url
    },
    get pid() {
      return child.pid ?? 0
    },
    dataFolder,
    output: () => output,
    ended: () => child.signalCode ?? child.exitCode?.toString(),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    start,
  }
}

/** A folder that is gone when the test is. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'lontar-'))
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) }
}

/** Asks until the answer is there; waits for the event, not for a time. */
export async function until<T>(what: string, ask: () => Promise<T | undefined | false>, withinMs = 60_000): Promise<T> {
  const endAt = performance.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    if (performance.now() > endAt) throw new Error(`not within ${withinMs} ms: ${what}`)
    await new Promise((resume) => setTimeout(resume, 50))
  }
}
