import { setMaxListeners } from 'node:events'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { pause } from '../runtime/back-off'
import { Random } from './made-up/random'
import { firstPush, liveOn, type Tally } from './simulate/day'
import { SimulatedFacility } from './simulate/facility'
import { KeptFacilities } from './simulate/kept'
import { letIn } from './simulate/let-in'
import type { Ministry } from './simulate/ministry'
import { planned } from './simulate/plan'
import { Child } from './trial/child'
import { bar, bold, count, dim, line, Progress, seconds, step } from './trial/show'

const FOLDER = resolve(process.env['SIMULATE_DATA'] ?? 'data/simulate')
const EVERY_MS = 2_000
const aborter = new AbortController()
// One for each facility that waits.
setMaxListeners(0, aborter.signal)
let ownHub: Child | undefined

interface Options {
  facilities: number
  hub?: string
  patients: number
  rate: number
  seconds: number
  askSeconds: number
  seed: number
  silent: number
  behind: number
  refused: number
  waiting: number
}

/** Hundreds of facilities in one process, over real HTTP: something for the ministry to look at, and load. */
async function main(): Promise<void> {
  const options = optionsOf()
  const { facilities: many, seed, silent, behind, refused, waiting } = options
  const plans = planned(many, { silent, behind, refused, waiting }, seed)
  line(
    bold(`${many} simulated facilities: ${silent} silent, ${behind} behind, ${refused} refused, ${waiting} waiting.`),
  )
  const ministry = options.hub === undefined ? await startHub() : anotherHub(options.hub)
  const kept = new KeptFacilities(join(FOLDER, `${new URL(ministry.url).host.replace(/[^\w.]/g, '-')}-${seed}.json`))
  const { signal } = aborter
  const at = { hubUrl: ministry.url, seed, today: new Date(), signal }
  const all = plans.map((plan) => new SimulatedFacility(plan, kept.of(plan.externalId), at))
  const tally: Tally = { documents: 0, refused: 0, pushes: 0, questions: 0, suspended: 0, errors: 0 }
  try {
    await step(1, 'They register, and the operator accepts them', async () => {
      const progress = new Progress()
      await letIn(ministry, all, (now) => progress.show(`${bar(now, many)} ${now} of ${many}`, now === many))
      kept.save()
    })
    await step(2, `Each sends ${options.patients} made-up patients`, async (note) => {
      const startedAt = performance.now()
      const timer = setInterval(() => note(`${count(tally.documents)} documents at the hub`), EVERY_MS)
      await firstPush(ministry, all, options, tally).finally(() => clearInterval(timer))
      kept.save()
      const took = performance.now() - startedAt
      note(`${count(tally.documents)} documents, ${Math.round((tally.documents * 1_000) / took)} a second`)
    })
    whereToLook(ministry)
    const lives = all.map((one) => {
      const random = new Random(seed * 7_919 + Number(one.plan.externalId))
      return liveOn(one, options, tally, { random: () => random.next(), signal })
    })
    await watch(options, tally)
    aborter.abort(new Error('stopped'))
    await Promise.all(lives)
  } finally {
    kept.save()
    await Promise.all(all.map((one) => one.line.close()))
    await ownHub?.stop()
  }
}

/** Until Ctrl-C, or for so many seconds. */
async function watch(options: Options, tally: Tally): Promise<void> {
  const progress = new Progress()
  const startedAt = performance.now()
  const endAt = options.seconds > 0 ? startedAt + options.seconds * 1_000 : Number.POSITIVE_INFINITY
  while (!aborter.signal.aborted && performance.now() < endAt) {
    await pause(EVERY_MS, aborter.signal)
    const { documents, refused, questions, suspended, errors } = tally
    const told = `${count(documents)} documents, ${count(refused)} refused, ${count(questions)} questions`
    const odd = `${suspended} refused as suspended, ${errors} errors`
    progress.show(`${seconds(performance.now() - startedAt)}  ${told}, ${odd}`, performance.now() >= endAt)
  }
}

async function startHub(): Promise<Ministry> {
  const hub = new Child('the hub', join(FOLDER, 'hub.log'), (text) => {
    if (aborter.signal.aborted) return
    process.stderr.write(`\n${text}\n`)
    process.exitCode = 1
    aborter.abort(new Error('the hub ended'))
  })
  ownHub = hub
  const data = join(FOLDER, 'hub')
  const url = await hub.start(['hub'], {
    HUB_DATA: data,
    HUB_PORT: process.env['HUB_PORT'] ?? '8080',
    HUB_COUCH_PORT: process.env['HUB_COUCH_PORT'] ?? '5984',
    COUCHDB_URL: '',
    HUB_LOG_LEVEL: 'warn',
    // All facilities stand at one address.
    HUB_RATE_ADDRESS: '1000000',
    HUB_RATE_REGISTRATIONS: '1000000',
  })
  const secret = (name: string) => readFileSync(join(data, name), 'utf8').trim()
  const couchUrl = `http://127.0.0.1:${process.env['HUB_COUCH_PORT'] ?? '5984'}`
  const operator = { name: 'operator', password: process.env['HUB_OPERATOR_PASSWORD'] ?? secret('operator-password') }
  return { url, operator, couch: { url: couchUrl, password: secret('couch-password') } }
}

function anotherHub(url: string): Ministry {
  const password = process.env['HUB_OPERATOR_PASSWORD']
  if (!password) throw new Error('Set HUB_OPERATOR_PASSWORD (and HUB_OPERATOR_NAME) of the hub that --hub names.')
  return { url: url.replace(/\/+$/, ''), operator: { name: process.env['HUB_OPERATOR_NAME'] ?? 'operator', password } }
}

function whereToLook({ url, couch }: Ministry): void {
  line()
  const password = couch ? dim(`operator, password in ${join(FOLDER, 'hub', 'operator-password')}`) : ''
  line(`  the ministry  ${url}/console  ${password}`)
  if (couch)
    line(`  its database  ${couch.url}/_utils  ${dim(`admin, password in ${join(FOLDER, 'hub', 'couch-password')}`)}`)
  line('  Ctrl-C stops it; a second start goes on with the same facilities.')
  line()
}

function optionsOf(): Options {
  const whole = (least: number, most: number) => (text: string) => {
    const value = Number(text)
    if (Number.isInteger(value) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
  }
  return new Command('simulate')
    .option('--facilities <number>', 'how many', whole(1, 5_000), 400)
    .option('--hub <url>', 'a running hub, with HUB_OPERATOR_PASSWORD; without it one is started')
    .option('--patients <number>', 'how many each has from the start', whole(0, 10_000), 2)
    .option('--rate <number>', 'new patients an hour at each, with years of visits', whole(0, 3_600), 6)
    .option('--ask-seconds <number>', 'between two questions for the configuration', whole(1, 3_600), 60)
    .option('--seconds <number>', 'how long, once all are in; 0: until Ctrl-C', whole(0, 1_000_000), 0)
    .option('--seed <number>', 'the same seed is the same facilities and patients', whole(0, 1_000_000), 1)
    .option('--silent <number>', 'facilities that fell silent days ago', whole(0, 5_000), 3)
    .option('--behind <number>', 'facilities whose link is too bad for what they write', whole(0, 5_000), 5)
    .option('--refused <number>', 'facilities with documents that the hub refuses', whole(0, 5_000), 4)
    .option('--waiting <number>', 'registrations that nobody has decided on', whole(0, 5_000), 2)
    .parse()
    .opts<Options>()
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (aborter.signal.aborted) process.exit(1)
    line('\nStopping …')
    aborter.abort(new Error('stopped'))
  })
}
process.on('exit', () => ownHub?.kill())

main().catch((error: unknown) => {
  if (aborter.signal.aborted) return
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
