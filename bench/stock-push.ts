import PouchDB from 'pouchdb'

/** The peer: what a program with nothing but PouchDB does. A process of its own, so that its memory can be seen. */
async function main(): Promise<void> {
  const { SOURCE = '', TARGET = '', NODE_NAME = '', PASSWORD = '' } = process.env
  const source = new PouchDB(SOURCE)
  const target = new PouchDB(TARGET, { auth: { username: NODE_NAME, password: PASSWORD }, skip_setup: true })
  const { docs_written, doc_write_failures } = await source.replicate.to(target)
  const peakMemoryBytes = process.resourceUsage().maxRSS * 1024
  process.stdout.write(JSON.stringify({ docs_written, doc_write_failures, peakMemoryBytes }))
  await source.close()
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : JSON.stringify(error)}\n`)
  process.exitCode = 1
})
