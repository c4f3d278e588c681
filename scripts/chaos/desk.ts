import type { Bundle } from 'fhir/r4'
import type { Random } from '../made-up/random'
import { madeUpRecord } from '../made-up/records'
import type { Ledger } from './ledger'

const TODAY = new Date('2026-01-15T00:00:00Z')
const PAUSE_MS = { least: 50, most: 1_500 }

/** People who work at an edge, and keep account of what it has acknowledged. */
export class Desk {
  #index = 0
  #closed: Promise<void> = Promise.resolve()
  #writing: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly url: () => string,
    private readonly seed: number,
    readonly ledger: Ledger,
  ) {}

  /** Admits, corrects and deletes until told otherwise. */
  async work(random: Random, goOn: () => boolean): Promise<void> {
    while (goOn()) {
      await this.#closed
      const write = random.chance(0.6) ? this.admit() : this.#correct(random)
      // An edge that was just killed takes nothing, as at a real desk: the next try is the next write.
      this.#writing = write.catch(() => undefined)
      await this.#writing
      await new Promise((resume) => setTimeout(resume, random.whole(PAUSE_MS.least, PAUSE_MS.most)))
    }
  }

  /** Nobody writes while the machine is taken apart: what was answered by then is on the account. */
  async closedDuring(work: () => Promise<void>): Promise<void> {
    const done = this.#closed.then(() => this.#writing).then(work)
    this.#closed = done.catch(() => undefined)
    await done
  }

  async admit(): Promise<boolean> {
    const bundle = madeUpRecord(this.seed, this.#index++, TODAY)
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${this.url()}/load`, { method: 'POST', headers, body: JSON.stringify(bundle) })
    if (answer.ok) this.ledger.load(bundle)
    return answer.ok
  }

  /** One patient's name, or one record of theirs that was wrong and goes. */
  async #correct(random: Random): Promise<void> {
    const patient = pick(random, await this.#entries('/fhir/Patient?_count=500'))
    if (!patient) return
    if (random.chance(0.7)) {
      const body = JSON.stringify({ ...patient, name: [{ family: `Corrected ${random.whole(1, 1_000)}` }] })
      return this.#change('PUT', patient, body)
    }
    const record = await this.#entries(`/fhir/Patient/${patient.id}/$everything?_count=50`)
    const doomed = record.find(({ resourceType }) => resourceType === 'Observation')
    if (doomed) await this.#change('DELETE', doomed)
  }

  async #change(method: 'PUT' | 'DELETE', { resourceType, id }: Named, body?: string): Promise<void> {
    const headers = { 'content-type': 'application/fhir+json' }
    const url = `${this.url()}/fhir/${resourceType}/${id}`
    const answer = await fetch(url, { method, headers, ...(body !== undefined && { body }) })
    if (answer.ok) this.ledger.change(resourceType, id, answer.headers.get('etag'))
  }

  async #entries(path: string): Promise<Named[]> {
    const { entry = [] } = (await (await fetch(`${this.url()}${path}`)).json()) as Bundle
    return entry.flatMap(({ resource }) => (resource?.id === undefined ? [] : [{ ...resource, id: resource.id }]))
  }
}

interface Named {
  resourceType: string
  id: string
}

function pick<T>(random: Random, choices: readonly T[]): T | undefined {
  const [first, ...others] = choices
  return first === undefined ? undefined : random.pick([first, ...others])
}
