import { parseArgs } from 'node:util'
import { calamities } from './chaos/calamities'
import { startScene } from './chaos/scene'
import { Random } from './made-up/random'

const USAGE = 'npm run test:chaos -- [--minutes N] [--seed S]'
const CALM_MS = { least: 1_000, most: 8_000 }

/**
 * One facility that works while all that can happen to it happens at random. It ends well if the hub then has every
 * document as the edge has it. The seed decides what happens and in which order; how far the programs are by then is
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
    const writer = scene.write(() => performance.now() < endAt)
    while (performance.now() < endAt) {
      const calamity = random.pick(happenings)
      const calmMs = random.whole(CALM_MS.least, CALM_MS.most)
      say(calamity.name)
      await calamity.happen(random)
      scene.heal()
      await pauseMs(calmMs)
    }
    const written = await writer
    say(`calm again; ${written} writes were acknowledged; waiting for the rest to arrive`)
    const { differences, status, documents } = await scene.compare()
    const count = Object.values(differences).reduce((sum, ids) => sum + ids.length, 0)
    say(`${documents} documents, ${count} differences, state ${status.state}, ${status.refusedDocuments} refused`)
    if (count === 0 && status.refusedDocuments === 0) return
    process.stdout.write(`${JSON.stringify({ seed, differences, status }, null, 2)}\n`)
    process.exitCode = 1
  } catch (error) {
    process.stdout.write(`--seed ${seed}: ${error instanceof Error ? error.stack : error}\n${scene.lastWords()}\n`)
    process.exitCode = 1
  } finally {
    await scene.remove()
  }
}

function pauseMs(ms: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, ms))
}

void main()
