import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, resolve } from 'node:path'

const PROGRAM = resolve(__dirname, '../../../bin/lontar.js')
const READY_MS = 60_000

/** A program of the trial, its log in a file. */
export class Child {
  #child: ChildProcess | undefined
  #tail = ''
  #stopping = false

  constructor(
    readonly name: string,
    readonly logFile: string,
    private readonly onLost: (text: string) => void,
  ) {}

  /** Answers with the address that the program says it is ready at. */
  async start(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
    mkdirSync(dirname(this.logFile), { recursive: true })
    const log = createWriteStream(this.logFile, { flags: 'a' })
    // Its own process group: Ctrl-C goes to the trial, which stops its programs in order.
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    this.#child = child
    return new Promise((ready, failed) => {
      const timer = setTimeout(() => failed(new Error(`${this.name} is not ready. Its log: ${this.logFile}`)), READY_MS)
      const read = (chunk: Buffer) => {
        log.write(chunk)
        this.#tail = (this.#tail + chunk.toString()).slice(-4_000)
        const url = /ready at (http\S+)/.exec(this.#tail)?.[1]
        if (!url) return
        clearTimeout(timer)
        ready(url)
      }
      child.stdout.on('data', read)
      child.stderr.on('data', read)
      child.once('exit', () => {
        clearTimeout(timer)
        const text = `${this.name} ended by itself. The end of ${this.logFile}:\n${this.#tail.trim()}`
        failed(new Error(text))
        if (!this.#stopping) this.onLost(text)
      })
    })
  }

  async stop(): Promise<void> {
    this.#stopping = true
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((done) => child.once('exit', done))
    child.kill('SIGTERM')
    await ended
  }

  /** For when the trial itself ends at once. */
  kill(): void {
    this.#child?.kill('SIGKILL')
  }
}

/** Whether nobody listens there. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const server = createServer()
    server.once('error', () => answer(false))
    server.listen(port, '127.0.0.1', () => server.close(() => answer(true)))
  })
}
