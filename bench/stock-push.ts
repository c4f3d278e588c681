import { readFileSync } from 'node:fs'
import PouchDB from 'pouchdb'

/**
 * The peer: what a program with nothing but PouchDB does. A process of its own, so that its memory can be seen. Once, or
 * with LIVE for ever and with `retry`: then it says so each time that it has caught up, and writes the documents of the
 * file EXTRA when it is told to (any line on its standard input).
 */
async function main(): Promise<void> {
  const { SOURCE = '', TARGET = '', NODE_NAME = '', PASSWORD = '', LIVE, EXTRA } = process.env
  const source = new PouchDB(SOURCE)
  const target = new PouchDB(TARGET, { auth: { username: NODE_NAME, password: PASSWORD }, skip_setup: true })
  if (LIVE) return live(source, target, EXTRA)
  const { docs_written, doc_write_failures } = await source.replicate.to(target)
  const peakMemoryBytes = process.resourceUsage().maxRSS * 1024
  process.stdout.write(JSON.stringify({ docs_written, doc_write_failures, peakMemoryBytes }))
  await source.close()
}

async function live(source: PouchDB.Database, target: PouchDB.Database, extra: string | undefined): Promise<void> {
  process.stdin.on('data', () => {
    if (extra) void source.bulkDocs(JSON.parse(readFileSync(extra, 'utf8')) as { _id: string }[])
  })
  const replication = source.replicate.to(target, { live: true, retry: true })
  replication.on('paused', (error: unknown) => {
    if (!error) process.stdout.write('caught up\n')
  })
  await replication.catch((error: unknown) => process.stderr.write(`${JSON.stringify(error)}\n`))
  process.stdout.write('stopped for good\n')
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : JSON.stringify(error)}\n`)
  process.exitCode = 1
})
