import { parseArgs } from 'node:util'
import { type Calamity, calamities } from './chaos/calamities'
import { startScene } from './chaos/scene'
import { Random } from './made-up/random'

const USAGE = 'npm run test:chaos -- [--minutes N] [--seed S]'
const CALM_MS = { least: 1_000, most: 8_000 }

/**
 * One facility that works while all that can happen to it happens at random. It ends well if then every write that the edge
 * has acknowledged is at both ends, and the hub has every document as the edge has it, but for what was taken apart by a disk
 * that was put back, or a clone: of that nothing is lost that the hub had. The seed decides what happens and in which order; how far the programs are by then is
 * the machine's.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } })
  const minutes = Number(values.minutes ?? 5)
  const seed = Number(values.seed ?? Date.now() % 1_000_000)
  if (!(minutes > 0) || !Number.isInteger(seed)) throw new Error(`${USAGE}: both are numbers.`)
  const startedAt = performance.now()
  const say = (text: string) => {
    process.stdout.write(`${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(7)} s  ${text}\n`)
  }
  say(`chaos for ${minutes} minutes, --seed ${seed}`)

  const scene = await startScene(seed)
  try {
    const random = new Random(seed)
    const happenings = calamities(scene, random)
    const endAt = performance.now() + minutes * 60_000
    const working = scene.work(() => performance.now() < endAt)
    for (let deck: Calamity[] = []; performance.now() < endAt; ) {
      if (deck.length === 0) deck = shuffled(happenings, random)
      const calamity = deck.pop() ?? happenings[0]
      const calmMs = random.whole(CALM_MS.least, CALM_MS.most)
      say(calamity.name)
      await calamity.happen(random)
      scene.heal()
      await pauseMs(calmMs)
    }
    await working
    say('calm again; waiting for the rest to arrive')
    const { verdict, status } = await scene.verdict()
    const { wrong, acknowledged, atEdge, atHub, documents, heldByHub, lost } = verdict
    say(`${acknowledged} acknowledged writes, ${atEdge} of them at the edge, ${atHub} at the hub`)
    say(
      `${documents} documents at the edge; ${heldByHub} lost with its disk and kept by the hub, ${lost} lost with both`,
    )
    const count = Object.values(wrong).reduce((sum, names) => sum + names.length, 0)
    say(`${count} differences, state ${status.state}, ${status.refusedDocuments} refused`)
    if (count === 0 && atEdge === acknowledged && atHub === acknowledged) return
    process.stdout.write(`${JSON.stringify({ seed, wrong, status }, null, 2)}\n${scene.lastWords()}\n`)
    process.exitCode = 1
  } catch (error) {
    process.stdout.write(`--seed ${seed}: ${error instanceof Error ? error.stack : error}\n${scene.lastWords()}\n`)
    process.exitCode = 1
  } finally {
    await scene.remove()
  }
}

/** Each happens before one happens again. */
function shuffled<T>(cards: readonly T[], random: Random): T[] {
  const keyed = cards.map((card) => ({ card, at: random.next() }))
  return keyed.sort((a, b) => a.at - b.at).map(({ card }) => card)
}

function pauseMs(ms: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, ms))
}

void main()
