import { loadBundle } from '../../../edge/load/load-bundle'
import { opened } from '../store/opened'
import { bundleIn, loadTools, syntheaFiles } from './loading'

/** Loads all Synthea bundles into the folder given, and says each file's number once it is acknowledged. */
async function main(folder: string): Promise<void> {
  const edge = await opened(folder)
  process.stdout.write('open\n')
  for (const [index, file] of syntheaFiles.entries()) {
    await loadBundle(bundleIn(file), loadTools(edge))
    process.stdout.write(`${index}\n`)
  }
  await edge.close()
}

void main(process.argv[2] ?? '')
