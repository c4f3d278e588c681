import type { NodeList } from '../schemas/generated/types'
import { type Answer, askJson, basic } from '../test/support/ask'
import { startHub } from '../test/support/hub'
import { simulateFacilities } from '../test/support/simulated'

type Operator = (path: string) => Promise<Answer>

const FACILITIES = 400
const ODD = { silent: 3, behind: 5, refused: 4, waiting: 2 }
const REQUESTS = 10

/** What each page of the console asks for. */
const PAGES: Readonly<Record<string, readonly string[]>> = {
  Today: ['today'],
  Registrations: ['registrations', 'nodes'],
  Facilities: ['nodes'],
  'A facility': ['nodes/:node', 'nodes/:node/configurations', 'nodes/:node/series'],
  'Refused documents': ['refused/reasons', 'refused?limit=50'],
  Alerts: ['alerts', 'alert-settings'],
  'Public health, by week': ['statistics/visits?by=week'],
  'Public health, by facility': ['statistics/visits?by=facility'],
  'Public health, each district in each week': ['statistics/visits?by=district,week'],
  'Public health, diagnoses': ['statistics/diagnoses?by=group'],
  Audit: ['audit?order=newest&limit=50'],
  'Broken glass': ['btg?status=open&limit=50'],
  'Is it whole?': ['audit/heads'],
  Operators: ['operators'],
  Hub: ['settings'],
}

/**
 * `npm run bench console`: how long an operator waits for each page with 400 facilities, which are simulated first; or at the hub
 * that BENCH_HUB names (with HUB_OPERATOR_PASSWORD), as it is.
 */
export async function benchConsole(): Promise<void> {
  const { BENCH_HUB: url, HUB_OPERATOR_PASSWORD: password = '' } = process.env
  if (url !== undefined) return measure((path) => askJson(`${url}${path}`, basic('operator', password), {}))
  const hub = await startHub()
  try {
    await simulateFacilities(hub, FACILITIES, ODD)
    await measure(hub.operator)
  } finally {
    await hub.remove()
  }
}

async function measure(operator: Operator): Promise<void> {
  const { nodes } = (await operator('/operator/nodes')).body as NodeList
  const one = nodes.at(-1)?.nodeName ?? ''
  line(`${nodes.length} facilities`)
  line('| page | first (ms) | median (ms) | worst (ms) |')
  line('| --- | ---: | ---: | ---: |')
  for (const [page, paths] of Object.entries(PAGES)) {
    const times: number[] = []
    for (let request = 0; request < REQUESTS; request++) times.push(await wait(operator, paths, one))
    const [first = 0] = times
    times.sort((a, b) => a - b)
    const at = (part: number) => Math.round(times[Math.floor((times.length - 1) * part)] ?? 0)
    line(`| ${page} | ${Math.round(first)} | ${at(0.5)} | ${at(1)} |`)
  }
}

/** All that a page needs, asked at once as the page does. */
async function wait(operator: Operator, paths: readonly string[], node: string): Promise<number> {
  const startedMs = performance.now()
  const answers = await Promise.all(paths.map((path) => operator(`/operator/${path.replace(':node', node)}`)))
  answers.forEach(({ status }, at) => {
    if (status !== 200) throw new Error(`${paths[at]} answered ${status}`)
  })
  return performance.now() - startedMs
}

function line(text: string): void {
  process.stdout.write(`${text}\n`)
}
