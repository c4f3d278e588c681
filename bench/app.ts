import { EhrStore } from '../edge/store/ehr'
import { PASSWORDS, Browser as Visitor } from '../test/edge/people/signed-in'
import { launchChromium } from '../test/support/browser'
import { startEdge } from '../test/support/edge'
import { until } from '../test/support/processes'
import { typingMs } from './app/typing'
import { visit } from './app/visit'
import { fillStore, PEOPLE } from './patients/fill-store'
import { printTargets, type Target } from './table'

/** An old office PC beside the machine that this runs on. */
const SLOWDOWN = 6
const ROUNDS = 5
const NAMES = 20
const KB = 1_000

/** `npm run bench app`: what a browser loads, how long it takes on a slow computer, and how it feels among 100,000 patients. `npm run bench app [how many]` */
export async function benchApp(): Promise<void> {
  const people = Number(process.argv[3] ?? PEOPLE)
  let names: string[] = []
  const edge = await startEdge('101', 'http://127.0.0.1:9', {}, async (dataFolder) => {
    const store = await EhrStore.open(dataFolder)
    const sample = await fillStore(store, people)
    // Each begins in another way: what was answered a moment ago is not asked again.
    names = [...new Map(sample.map(({ name }) => [name.slice(0, 4), name])).values()]
      .filter((name) => /^\w{4}/.test(name))
      .slice(0, NAMES)
    await store.stop()
  })
  const browser = await launchChromium()
  try {
    const visitor = new Visitor(edge.url)
    await until(
      'the patients are in the lists',
      async () => (await edge.ask('/app/patients?text=')).status === 200,
      600_000,
    )
    await visitor.addPerson('siti', 'admin')
    await visitor.signIn('siti', PASSWORDS.siti)
    const seen = { browser, url: edge.url, cookie: visitor.cookie, slowdown: SLOWDOWN }
    const rounds: Awaited<ReturnType<typeof visit>>[] = []
    for (let round = 0; round < ROUNDS; round++) rounds.push(await visit(seen))
    const typed = await typingMs(seen, names)
    const of = (pick: (one: (typeof rounds)[number]) => number) => rounds.map(pick)
    const rows: Target[] = [
      ['first load, over the wire', '–', `${Math.round(median(of(({ bytes }) => bytes)) / KB)} kB`, 'below 300 kB'],
      ['first load until usable', '–', spread(of(({ firstMs }) => firstMs)), 'below 3 s'],
      ['next load until usable', '–', spread(of(({ nextMs }) => nextMs)), '–'],
      ['a key until the answer is drawn', '–', spread(typed), '–'],
    ]
    printTargets(
      `The clinic’s app, ${people.toLocaleString('en')} patients, processor slowed ${SLOWDOWN} times; middle / slowest`,
      'peer',
      'ours',
      rows,
    )
  } finally {
    await browser.close()
    await edge.remove()
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function spread(ms: readonly number[]): string {
  return `${Math.round(median(ms))} / ${Math.round(Math.max(...ms))} ms`
}
