import type { GateFault } from '../../test/support/faulty-gate'
import type { LinkWeather } from '../../test/support/link'
import type { Random } from '../made-up/random'
import type { Scene } from './scene'

/** Something bad, from its beginning to its end. Whatever stays broken is healed after it. */
export interface Calamity {
  name: string
  happen(random: Random): Promise<void>
}

type Calamities = readonly [Calamity, ...Calamity[]]

const HTML = '<html><body>Please sign in to the hotel network.</body></html>'
const LASTS_MS = { least: 500, most: 12_000 }
const SLOW = { roundTripMs: 300, upBitsPerSecond: 128_000, downBitsPerSecond: 128_000 }

/** All that the table of the lab knows, and kill -9 at either end. Each is as likely as the others. */
export function calamities(scene: Scene, random: Random): Calamities {
  const lasting = (name: string, begin: () => void): Calamity => ({
    name,
    async happen() {
      begin()
      await new Promise((resume) => setTimeout(resume, random.whole(LASTS_MS.least, LASTS_MS.most)))
    },
  })
  const weather = (name: string, link: Partial<LinkWeather>) =>
    lasting(name, () => {
      scene.link.become(link)
      scene.link.cutNow()
    })
  const gate = (name: string, fault: GateFault, path = '/sync') =>
    lasting(name, () => {
      scene.gate.path = path
      scene.gate.fault = fault
    })
  const answers = (status: number, error: string, headers: Record<string, string> = {}) =>
    gate(`the gate answers ${status}${headers['retry-after'] ? ' with Retry-After' : ''}`, {
      kind: 'answers',
      status,
      body: { error, reason: 'So says the gate of the lab.' },
      headers,
    })
  const portal = (status: number, headers: Record<string, string> = {}) =>
    gate(`a captive portal answers ${status}`, { kind: 'answers', status, body: HTML, headers }, '/')
  return [
    weather('the link is slow', SLOW),
    weather('the link is cut every two seconds', { ...SLOW, cut: { everyMs: 2_000, forMs: 700 } }),
    weather('connections end after 5,000 bytes', { cutAfterBytes: 5_000 }),
    weather('the link swallows', { fault: 'swallow' }),
    weather('the link refuses', { fault: 'refuse' }),
    { name: 'the link is cut once', happen: async () => scene.link.cutNow() },
    portal(200),
    portal(302, { location: 'http://10.0.0.1/login' }),
    portal(511),
    answers(401, 'UNAUTHENTICATED'),
    answers(403, 'NODE_SUSPENDED'),
    answers(413, 'BODY_TOO_LARGE'),
    answers(429, 'OVERLOADED', { 'retry-after': '3' }),
    answers(500, 'INTERNAL'),
    answers(503, 'OVERLOADED'),
    answers(503, 'OVERLOADED', { 'retry-after': '5' }),
    gate('answers are cut in the middle', { kind: 'cuts-answer' }),
    gate('requests are delivered twice', { kind: 'twice' }),
    { name: 'kill -9 of the edge', happen: () => scene.killEdge() },
    { name: 'kill -9 of the hub', happen: () => scene.killHub() },
    { name: 'kill -9 of both', happen: () => scene.killBoth() },
    { name: 'both ends are backed up', happen: () => scene.backUp() },
    { name: 'the hub is restored from an older copy', happen: () => scene.restoreHub() },
    { name: 'the edge is restored from an older copy', happen: () => scene.restoreEdge() },
    {
      name: 'a clone of the edge works for a while',
      happen: () => scene.cloneEdge(random.whole(LASTS_MS.least, LASTS_MS.most)),
    },
    { name: 'the edge’s clock is set by a day', happen: async () => scene.jumpClock() },
  ]
}
