import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import type { Bundle } from 'fhir/r4'
import { ask } from './trial/ask'
import { Child, isFree } from './trial/child'
import {
  accept,
  allowImports,
  arrival,
  type Facility,
  type Hub,
  importPatient,
  writePatients,
} from './trial/facilities'
import { bold, count, dim, line, step } from './trial/show'

const FOLDER = resolve('data/trial')
const PORTS = {
  HUB_PORT: Number(process.env['HUB_PORT'] ?? 8080),
  HUB_COUCH_PORT: Number(process.env['HUB_COUCH_PORT'] ?? 5984),
  TRIAL_PORT_101: Number(process.env['TRIAL_PORT_101'] ?? 7071),
  TRIAL_PORT_102: Number(process.env['TRIAL_PORT_102'] ?? 7072),
}
/** Settings of another hub that may be in the environment: the trial's makes its own secrets, and needs no other program. */
const NOT_OURS = {
  COUCHDB_URL: '',
  HUB_HOST: '',
  HUB_PUBLIC_URL: '',
  HUB_OPERATOR_PASSWORD: '',
  HUB_SECRET_KEY: '',
  HUB_TLS_CERT: '',
  HUB_TLS_KEY: '',
}
const aborter = new AbortController()
const children: Child[] = []

/** The whole system on one machine, with real programs and made-up people. */
async function main(): Promise<void> {
  const { patients } = new Command('trial')
    .option('--patients <number>', 'how many made-up patients facility 101 has', wholeNumber, 20)
    .parse()
    .opts<{ patients: number }>()
  for (const [setting, port] of Object.entries(PORTS)) {
    if (await isFree(port)) continue
    throw new Error(
      `Port ${port} is taken by another program. Set ${setting} to a free one: ${setting}=${port + 10_000} npm start`,
    )
  }
  line(bold('Lontar: a ministry and two facilities on this machine. The programs are real, the people are made up.'))
  line()

  const hub = await step(1, 'The hub starts, with an embedded CouchDB-compatible store', async (note) => {
    const started = await startHub()
    note(`gateway ${started.url}, store http://127.0.0.1:${PORTS.HUB_COUCH_PORT}/_utils`)
    return started
  })
  const saumlaki = { externalId: '101', name: 'RSUD Saumlaki', url: '' }
  const ruteng = { externalId: '102', name: 'Puskesmas Ruteng', url: '' }
  await step(2, 'Two facilities start and ask to take part', async (note) => {
    for (const [facility, port] of [
      [saumlaki, PORTS.TRIAL_PORT_101],
      [ruteng, PORTS.TRIAL_PORT_102],
    ] as const) {
      facility.url = await startEdge(facility, port, hub)
      note(`${facility.externalId} ${facility.name} at ${facility.url}`)
    }
  })
  await step(3, 'The operator compares the pairing codes and accepts them', async (note) => {
    for (const facility of [saumlaki, ruteng]) note(`${facility.externalId} ${await accept(hub, facility)}`)
  })
  await step(4, `${patients} patients with a few years of visits are written at ${saumlaki.name}`, async (note) => {
    const { unchanged } = await writePatients(saumlaki, patients, aborter.signal)
    if (unchanged > 0) note(`${count(unchanged)} records were there from an earlier start`)
  })
  await step(5, 'The records go up to the hub', async (note) => {
    const { sync } = await arrival(saumlaki, aborter.signal)
    note(`the hub has said so for each; ${count(sync.bytesSent)} bytes of records sent in all, compressed`)
  })
  const mrn = await firstPatient(saumlaki)
  await step(6, `${ruteng.name} imports the patient ${mrn} with a signed request`, async (note) => {
    await allowImports(hub, ruteng)
    const ticket = await importPatient(ruteng, mrn)
    const record = await ask<Bundle>(`${ruteng.url}/fhir/Patient/${mrn}/$everything?_count=500`)
    note(
      `${ticket.resources ?? record.entry?.length ?? 0} resources, read-only there; the hub wrote its audit entry first`,
    )
  })
  showWhereToLook(hub, saumlaki, ruteng, mrn)
}

async function startHub(): Promise<Hub> {
  const data = join(FOLDER, 'hub')
  const child = newChild('the hub', join(FOLDER, 'hub.log'))
  const url = await child.start(['hub'], {
    HUB_DATA: data,
    HUB_PORT: String(PORTS.HUB_PORT),
    HUB_COUCH_PORT: String(PORTS.HUB_COUCH_PORT),
    ...NOT_OURS,
  })
  return { url, password: readFileSync(join(data, 'operator-password'), 'utf8').trim() }
}

function startEdge(facility: Facility, port: number, hub: Hub): Promise<string> {
  const child = newChild(`the edge of ${facility.externalId}`, join(FOLDER, `edge-${facility.externalId}.log`))
  return child.start(['edge'], {
    EDGE_HOST: '',
    EDGE_DATA: join(FOLDER, `edge-${facility.externalId}`),
    EDGE_PORT: String(port),
    EDGE_EXTERNAL_ID: facility.externalId,
    EDGE_NAME: facility.name,
    HUB_URL: hub.url,
  })
}

async function firstPatient(facility: Facility): Promise<string> {
  const found = await ask<Bundle>(`${facility.url}/fhir/Patient?_count=1`)
  const id = found.entry?.[0]?.resource?.id
  if (!id) throw new Error(`${facility.name} has no patient`)
  return id
}

function showWhereToLook(hub: Hub, from: Facility, to: Facility, mrn: string): void {
  const data = `HUB_DATA=${join(FOLDER, 'hub')} HUB_URL=${hub.url}`
  line()
  const passwordIn = (name: string, file: string) => dim(`${name}, password in ${join(FOLDER, 'hub', file)}`)
  line(bold('Where to look'))
  const places: readonly (readonly [what: string, where: string])[] = [
    ["the clinics' app", `${from.url}/   ${to.url}/`],
    ["the ministry's console", `${hub.url}/console   ${passwordIn('operator', 'operator-password')}`],
    [
      "the ministry's database",
      `http://127.0.0.1:${PORTS.HUB_COUCH_PORT}/_utils   ${passwordIn('admin', 'couch-password')}`,
    ],
    [`records at ${from.name}`, `${from.url}/fhir/Patient?_count=5`],
    ['the record that came over', `${to.url}/fhir/Patient/${mrn}/$everything`],
    ['what the facilities know', `${from.url}/status   ${to.url}/status   ${to.url}/imports`],
    ['the operator’s commands', `${data} npx lontar hub nodes     (or: registrations, audit)`],
  ]
  for (const [what, where] of places) line(`  ${what.padEnd(30)}${where}`)
  line()
  line('Everything runs until Ctrl-C. Stop the hub, write at a facility, start again: nothing is lost.')
}

function newChild(name: string, logFile: string): Child {
  const child = new Child(name, logFile, (text) => void end(1, text))
  children.push(child)
  return child
}

async function end(status: number, text = ''): Promise<void> {
  if (aborter.signal.aborted) return
  aborter.abort(new Error('stopped'))
  if (text) process.stderr.write(`\n${text}\n`)
  for (const child of children.reverse()) await child.stop()
  process.exit(status)
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= 100_000) return value
  throw new InvalidArgumentError('It must be a whole number from 1 to 100000.')
}

process.on('SIGINT', () => {
  line('\nStopping …')
  void end(0)
})
process.on('SIGTERM', () => void end(0))
process.on('exit', () => {
  for (const child of children) child.kill()
})

main().catch((error: unknown) => end(1, error instanceof Error ? error.message : String(error)))
