import { request } from 'node:http'
import type { Proof } from '../../../hub/access/table'
import { basic } from '../../support/ask'
import type { RunningHub } from '../../support/hub'
import { until } from '../../support/processes'
import type { People } from '../access/people'
import type { Random } from './random'

type Headers = Readonly<Record<string, string>>

export const CALLERS = ['nobody', 'pending', 'node', 'operator', 'metrics reader'] as const
export type CallerName = (typeof CALLERS)[number]

/** Who gets in at which row. */
export const BY_PROOF: Readonly<Record<Proof, CallerName>> = {
  nothing: 'nobody',
  claim: 'pending',
  'node password': 'node',
  signature: 'node',
  operator: 'operator',
  'metrics token': 'metrics reader',
}

/** From another address than the requests: whatever these have locked, it is open there. */
const KEEPER = '127.0.0.9'
/** A hub keeps 20 of one account. */
const SESSIONS = 8

/** Those who ask, and how they show it. The operator has sessions too, since wrong passwords lock his name. */
export class Callers {
  readonly #sessions: Headers[] = []
  #signingIn: Promise<void> = Promise.resolve()

  constructor(
    private readonly hub: RunningHub,
    private readonly people: People,
  ) {}

  async start(): Promise<void> {
    while (this.#sessions.length < SESSIONS) this.#sessions.push(await this.#signIn())
  }

  async headersOf(caller: CallerName, method: string, target: string, random: Random): Promise<Headers> {
    if (caller !== 'operator') return this.people.showing[caller](method, target)
    return random.chance(0.3)
      ? { authorization: basic('operator', this.hub.operatorPassword) }
      : random.pick(this.#sessions)
  }

  /** A request has signed this session out; another takes its place, one after the other. */
  replace(session: Headers): Promise<void> {
    this.#signingIn = this.#signingIn.then(async () => {
      const place = this.#sessions.indexOf(session)
      if (place >= 0) this.#sessions[place] = await this.#signIn()
    })
    return this.#signingIn
  }

  /** Others sign in under the same name at the same time; where it is too many, the hub says so. */
  async #signIn(): Promise<Headers> {
    return until('an operator is signed in', () => this.#trySignIn())
  }

  #trySignIn(): Promise<Headers | undefined> {
    const body = JSON.stringify({ name: 'operator', password: this.hub.operatorPassword })
    const { hostname, port } = new URL(this.hub.url)
    return new Promise((resolve, reject) => {
      const asked = request(
        {
          hostname,
          port,
          localAddress: KEEPER,
          path: '/operator/session',
          method: 'POST',
          headers: { 'content-type': 'application/json' },
        },
        (answer) => {
          let text = ''
          answer.on('data', (chunk) => {
            text += chunk
          })
          answer.on('end', () => {
            const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0]
            if (cookie === undefined) return resolve(undefined)
            resolve({ cookie, 'x-csrf-token': (JSON.parse(text) as { csrfToken: string }).csrfToken })
          })
        },
      )
      asked.on('error', reject)
      asked.end(body)
    })
  }
}
