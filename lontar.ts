import { Command } from 'commander'
import { addEdgeCommands } from './edge/commands'
import { addHubCommands } from './hub/commands'
import { PlainError } from './runtime/plain-error'
import { packageVersion } from './runtime/settings'

/** What a person can act on is said in one line; anything else is a fault and shows its stack. */
async function main(): Promise<void> {
  const program = new Command('lontar')
    .description('Health records for facilities with bad internet')
    .version(packageVersion())
    .showHelpAfterError('(add --help for what can be given)')
  addHubCommands(program)
  addEdgeCommands(program)
  try {
    await program.parseAsync()
  } catch (error) {
    const text = error instanceof PlainError ? error.message : error instanceof Error ? error.stack : String(error)
    process.stderr.write(`${text}\n`)
    process.exitCode = 1
  }
}

void main()
