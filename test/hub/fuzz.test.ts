import { writeFileSync } from 'node:fs'
import { ROUTES, type RouteName } from '../../hub/access/table'
import { hashOfClaim } from '../../protocol/claim'
import type { RegistrationReceipt } from '../../schemas/generated/types'
import { askJson } from '../support/ask'
import { type RunningHub, startHub } from '../support/hub'
import { registerNode } from '../support/node'
import { until } from '../support/processes'
import { METRICS_TOKEN, peopleOf } from './access/people'
import { BY_PROOF, CALLERS, type CallerName, Callers } from './fuzz/callers'
import { complaintsAbout } from './fuzz/judge'
import { type Fuzzed, fuzzed, isAsAsked } from './fuzz/mutate-request'
import { Random } from './fuzz/random'
import { type Scene, VICTIM, validRequest } from './fuzz/valid-requests'
import { type Outcome, Wire } from './fuzz/wire'

/**
 * Generated requests, mutated from valid ones, at a hub that runs as a process. `FUZZ_SEED` and `FUZZ_REQUESTS` set another
 * chance and another number; `FUZZ_REPORT` names a file for what was answered to what.
 */
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_123)
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 20_000)
const CONNECTIONS = 16
/**
 * A silence that is no longer one. Whoever reads the audit waits until the embedded store has its indexes up to date, and the
 * hub gives each question to the store 30 s: on a machine that does other work that takes some.
 */
const ANSWERED_WITHIN_MS = 150_000
const LONGEST_MS = 30 * 60_000
const MOST_SHOWN = 10

let hub: RunningHub
let callers: Callers
let scene: Scene

beforeAll(async () => {
  hub = await startHub({ HUB_METRICS_TOKEN: METRICS_TOKEN })
  const people = await peopleOf(hub)
  await registerNode(hub, VICTIM.externalId)
  const body = { name: VICTIM.operator, role: 'viewer', password: 'a long password for the tests' }
  await hub.operator('/operator/operators', { method: 'POST', body })
  const waiting = await Promise.all(['W1', 'W2', 'W3', 'W4', 'W5', 'W6', 'W7', 'W8'].map(waitingRegistration))
  scene = { registrationId: people.registrationId, waiting, operatorPassword: hub.operatorPassword }
  callers = new Callers(hub, people)
  await callers.start()
}, 240_000)
afterAll(() => hub?.remove())

test(
  `${REQUESTS} generated requests: no fault, no silence, no crash, nothing told (seed ${SEED})`,
  async () => {
    const { pid } = hub
    const found: string[] = []
    const tally = new Tally()
    let next = 0
    const ask = async (wire: Wire) => {
      while (next < REQUESTS && found.length < MOST_SHOWN) {
        const index = next++
        found.push(...(await once(wire, index, tally)))
      }
    }
    const port = Number(new URL(hub.url).port)
    const wires = Array.from({ length: CONNECTIONS }, () => new Wire(port, ANSWERED_WITHIN_MS))
    await Promise.all(wires.map(ask))
    for (const wire of wires) wire.close()
    const report = process.env['FUZZ_REPORT']
    if (report) writeFileSync(report, JSON.stringify(tally.report(), null, 1))

    expect(found).toEqual([])
    expect([process.kill(pid, 0), hub.pid]).toEqual([true, pid])
    await until('the hub is ready', async () => (await askJson(`${hub.url}/readyz`, undefined)).status === 200)
    expect(faultsIn(hub.output())).toEqual([])
    if (REQUESTS >= 20_000) expect(tally.unanswered()).toEqual([])
  },
  LONGEST_MS,
)

/** One request of the seed and its number, whatever came before it. */
async function once(wire: Wire, index: number, tally: Tally): Promise<string[]> {
  const random = new Random(SEED * 1_000_003 + index)
  const route = random.weighted(WEIGHTS)
  const caller = random.chance(0.75) ? BY_PROOF[ROUTES[route].proof] : random.pick(CALLERS)
  let shown: Readonly<Record<string, string>> = {}
  const show = async (method: string, target: string) => {
    shown = await callers.headersOf(caller, method, target, random)
    return shown
  }
  const sent = await fuzzed(validRequest(route, random, scene), show, new URL(hub.url).host, random)
  const outcome = await wire.ask(sent)
  tally.add(route, caller, sent, outcome)
  if (outcome.kind === 'answer' && outcome.status === 401 && shown['cookie'] && isAsAsked(sent.mutations)) {
    await callers.replace(shown)
  }
  const secrets = [hub.operatorPassword, METRICS_TOKEN]
  return complaintsAbout(outcome, sent, { route, caller, secrets }).map((complaint) =>
    described(index, complaint, { route, caller, sent, outcome }),
  )
}

const NAMES = Object.keys(ROUTES) as RouteName[]
/** Whoever reads the audit has its indexes brought up to date, which takes longer than all else here. */
function weightOf(name: RouteName): number {
  if (/audit\/(heads|chains)/.test(name)) return 0.15
  return /audit|btg|disclosures/.test(name) ? 0.4 : 1
}
const WEIGHTS = Object.fromEntries(NAMES.map((name) => [name, weightOf(name)])) as Readonly<Record<RouteName, number>>

function described(
  index: number,
  complaint: string,
  { route, caller, sent, outcome }: { route: RouteName; caller: CallerName; sent: Fuzzed; outcome: Outcome },
): string {
  const answer =
    outcome.kind === 'answer' ? `${outcome.head}\n\n${outcome.body.toString().slice(0, 500)}` : outcome.kind
  return [
    `seed ${SEED}, request ${index}, ${route} as ${caller} [${sent.mutations}]: ${complaint}`,
    sent.bytes.toString('latin1').slice(0, 3_000),
    `→ ${answer}`,
  ].join('\n')
}

/** What was answered to what: a fuzz that is refused at the door shows nothing about the rooms. */
class Tally {
  readonly #statuses = new Map<string, Map<string, number>>()
  readonly #ms = new Map<string, number>()
  #slowestMs = 0

  add(route: RouteName, caller: CallerName, { mutations }: Fuzzed, outcome: Outcome): void {
    const statuses = this.#statuses.get(route) ?? new Map<string, number>()
    this.#statuses.set(route, statuses)
    const isIn = BY_PROOF[ROUTES[route].proof] === caller
    const what = outcome.kind === 'answer' ? String(outcome.status) : outcome.kind
    const key = `${isIn ? 'let in' : 'shut out'}${mutations.length === 0 ? ', valid' : ''}: ${what}`
    statuses.set(key, (statuses.get(key) ?? 0) + 1)
    this.#ms.set(route, (this.#ms.get(route) ?? 0) + outcome.ms)
    this.#slowestMs = Math.max(this.#slowestMs, outcome.ms)
  }

  /** Routes at which nobody who may was let in with a valid request. */
  unanswered(): RouteName[] {
    return NAMES.filter((route) => {
      const keys = [...(this.#statuses.get(route)?.keys() ?? [])]
      return !keys.some((key) => key.startsWith('let in, valid') && !/: (401|429|cut|silence)$/.test(key))
    })
  }

  report(): object {
    const routes = [...this.#statuses].map(([route, statuses]) => [route, Object.fromEntries([...statuses].sort())])
    return { slowestMs: this.#slowestMs, ms: Object.fromEntries(this.#ms), routes: Object.fromEntries(routes) }
  }
}

async function waitingRegistration(externalId: string): Promise<string> {
  const body = { externalId, name: 'Waits', claimHash: hashOfClaim(externalId.repeat(20)) }
  const asked = await askJson(`${hub.url}/registrations`, undefined, { method: 'POST', body })
  return (asked.body as RegistrationReceipt).id
}

/** Lines of the log that say a fault of ours, or that a person must act. */
function faultsIn(output: string): string[] {
  return output.split('\n').filter((line) => /"level":(50|60)\b|a fault of ours|Unhandled|Uncaught/i.test(line))
}
