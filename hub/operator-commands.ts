import { type Command, Option } from 'commander'
import type { OperatorList, OperatorSummary, TotpEnrolment } from '../schemas/generated/types'
import { askHub, askHubToDelete } from './ask-hub'
import { askNewSecret, readSecret } from './ask-secret'
import { readOperatorSettings } from './settings'
import { printable, shortTime, table } from './table'

const ROLES = ['operator', 'viewer', 'auditor'] as const

interface FromStdin {
  passwordStdin?: boolean
}

/** `lontar hub operators …`: the accounts of persons at the running hub. */
export function addOperatorCommands(hub: Command): void {
  const operators = hub
    .command('operators')
    .description('the accounts of persons who operate, look at or audit the hub')
    .option('--json', 'for programs')
    .action(async ({ json }: { json?: boolean }) => {
      const list = await askHub<OperatorList>('/operator/operators')
      say(json ? JSON.stringify(list, null, 2) : operatorTable(list))
    })
  operators
    .command('add')
    .description('make an account; asks for its password')
    .argument('<name>', 'small letters, digits and . _ -')
    .addOption(new Option('--role <role>', 'what the person may do').choices(ROLES).makeOptionMandatory())
    .option('--password-stdin', 'read the password from standard input')
    .action(async (name: string, { role, passwordStdin }: { role: OperatorSummary['role'] } & FromStdin) => {
      const password = await newPassword(name, passwordStdin)
      await askHub<OperatorSummary>('/operator/operators', { name, role, password })
      say(`${name} can sign in, as ${role}.`)
    })
  operators
    .command('remove')
    .description('remove an account; its sessions end')
    .argument('<name>')
    .action(async (name: string) => {
      await askHubToDelete(pathOf(name))
      say(`${printable(name)} is removed.`)
    })
  operators
    .command('password')
    .description('give an account another password; its sessions end')
    .argument('<name>')
    .option('--password-stdin', 'read the password from standard input')
    .action(async (name: string, { passwordStdin }: FromStdin) => {
      const { operatorName, operatorPassword } = await readOperatorSettings()
      const own = name === operatorName && operatorPassword && { currentPassword: operatorPassword.reveal() }
      const password = await newPassword(name, passwordStdin)
      await askHub(`${pathOf(name)}/password`, { password, ...own })
      say(`${printable(name)} has another password, and is signed out everywhere.`)
    })
  operators
    .command('role')
    .description('give an account another role; its sessions end')
    .argument('<name>')
    .argument('<role>', ROLES.join(', '))
    .action(async (name: string, role: string) => {
      const changed = await askHub<OperatorSummary>(`${pathOf(name)}/role`, { role })
      say(`${changed.name} is ${changed.role}.`)
    })
  operators
    .command('unlock')
    .description('forget wrong passwords at this name, so that the next try counts')
    .argument('<name>')
    .action(async (name: string) => {
      await askHub(`${pathOf(name)}/unlock`, {})
      say(`${printable(name)} can try again.`)
    })
  addTotpCommands(operators)
}

function addTotpCommands(operators: Command): void {
  operators
    .command('totp')
    .description('begin a second factor for HUB_OPERATOR_NAME: shows its secret, once')
    .action(async () => {
      const { operatorName, operatorPassword } = await readOperatorSettings()
      const currentPassword = operatorPassword?.reveal() ?? ''
      const { secret, uri } = await askHub<TotpEnrolment>(`${pathOf(operatorName)}/totp`, { currentPassword })
      say(`Type this into an authenticator, or make a QR code of the address:\n\n  ${secret}\n  ${uri}\n`)
      say('Then: lontar hub operators totp-on CODE, with the code that it shows.')
    })
  operators
    .command('totp-on')
    .description('show that the authenticator has the secret: from here on signing in needs its code')
    .argument('<code>')
    .action(async (code: string) => {
      const { operatorName } = await readOperatorSettings()
      await askHub(`${pathOf(operatorName)}/totp`, { code }, 'PUT')
      say(`${operatorName} signs in with a code now; for this command line it is set as HUB_OPERATOR_CODE.`)
    })
  operators
    .command('totp-off')
    .description('take away the second factor of somebody else, who has lost the device')
    .argument('<name>')
    .action(async (name: string) => {
      await askHubToDelete(`${pathOf(name)}/totp`)
      say(`${printable(name)} signs in without a code.`)
    })
}

function newPassword(name: string, isOnStdin: boolean | undefined): Promise<string> {
  return isOnStdin ? readSecret() : askNewSecret(`New password of ${printable(name)}: `)
}

function pathOf(name: string): string {
  return `/operator/operators/${encodeURIComponent(name)}`
}

function operatorTable({ operators }: OperatorList): string {
  return table(
    ['NAME', 'ROLE', 'SECOND FACTOR', 'LAST SIGN-IN (UTC)', 'PASSWORD OF (UTC)', 'MADE BY', 'LOCKED UNTIL (UTC)'],
    operators.map(({ name, role, first, totp, lastSignInAt, passwordChangedAt, createdBy, lockedUntil }) => [
      name,
      role,
      totp,
      first ? '' : shortTime(lastSignInAt) || 'never',
      first ? 'the settings' : shortTime(passwordChangedAt),
      createdBy,
      shortTime(lockedUntil),
    ]),
  )
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
