import { benchApp } from './app'
import { benchAudit } from './audit'
import { benchConsole } from './console'
import { benchGate } from './gate'
import { benchHub } from './hub'
import { benchImport } from './import'
import { benchLink } from './link'
import { benchNodes } from './nodes'
import { benchPatients } from './patients'
import { benchPush } from './push'
import { benchStatistics } from './statistics'
import { benchValidation } from './validate-resources'

const BENCHES: Readonly<Record<string, () => Promise<void> | void>> = {
  app: benchApp,
  link: benchLink,
  push: benchPush,
  import: benchImport,
  gate: benchGate,
  hub: benchHub,
  console: benchConsole,
  audit: benchAudit,
  nodes: benchNodes,
  patients: benchPatients,
  statistics: benchStatistics,
  validation: benchValidation,
}

/** `npm run bench push`. */
async function main(): Promise<void> {
  const name = process.argv[2] ?? ''
  const bench = BENCHES[name]
  if (!bench) throw new Error(`There is no bench "${name}". There are: ${Object.keys(BENCHES).join(', ')}.`)
  await bench()
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
  process.exitCode = 1
})
