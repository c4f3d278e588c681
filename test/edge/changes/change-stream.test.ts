import type { AppChanges } from '../../../schemas/generated/types'
import { isAppChanges } from '../../../schemas/generated/validators'
import { askJson } from '../../support/ask'
import { type RunningEdge, startEdge } from '../../support/edge'
import { until } from '../../support/processes'
import { Browser, PASSWORDS } from '../people/signed-in'

let edge: RunningEdge
let siti: Browser
let budi: Browser
let rina: Browser

beforeAll(async () => {
  edge = await startEdge('101', 'http://127.0.0.1:9')
  siti = new Browser(edge.url)
  await siti.addPerson('siti', 'admin')
  await siti.signIn('siti', PASSWORDS.siti)
  ;[budi, rina] = (await Promise.all(
    (
      [
        ['budi', 'clinician'],
        ['rina', 'registrar'],
      ] as const
    ).map(async ([name, role]) => {
      await siti.addPerson(name, role)
      const browser = new Browser(edge.url)
      await browser.signIn(name, PASSWORDS[name])
      return browser
    }),
  )) as [Browser, Browser]
}, 60_000)
afterAll(() => edge.remove())

interface Heard {
  events: { id?: string; event: AppChanges }[]
  /** References that were told so far. */
  named(): string[]
  isOver(): boolean
  close(): void
}

async function listening(browser: Browser, headers: Record<string, string> = {}, query = ''): Promise<Heard> {
  const stopper = new AbortController()
  const response = await fetch(`${edge.url}/app/changes${query}`, {
    headers: { cookie: browser.cookie, ...headers },
    signal: stopper.signal,
  })
  expect(response.status).toBe(200)
  const events: Heard['events'] = []
  let isOver = false
  const read = async () => {
    let text = ''
    for await (const bytes of response.body ?? []) {
      text += Buffer.from(bytes).toString()
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const [, data] = /^data: (.*)$/m.exec(block) ?? []
        const [, id] = /^id: (.*)$/m.exec(block) ?? []
        if (data === undefined) continue
        const event: unknown = JSON.parse(data)
        if (!isAppChanges(event)) throw new Error(`not of the schema: ${data}`)
        events.push({ event, ...(id !== undefined && { id }) })
      }
    }
  }
  void read()
    .catch(() => undefined)
    .finally(() => {
      isOver = true
    })
  await until('the first event', async () => events.length > 0)
  return {
    events,
    named: () => events.flatMap(({ event }) => event.changed ?? []),
    isOver: () => isOver,
    close: () => stopper.abort(),
  }
}

async function register(browser: Browser): Promise<string> {
  const body = { resourceType: 'Patient', name: [{ text: 'Dewi' }] }
  const { body: made } = await browser.ask('/fhir/Patient', { method: 'POST', body })
  return (made as { id: string }).id
}

test('tells what was changed, each as much as may be read, and no more than ids', async () => {
  const [clinician, registrar] = await Promise.all([listening(budi), listening(rina)])
  const mrn = await register(rina)
  const condition = { resourceType: 'Condition', subject: { reference: `Patient/${mrn}` }, code: { text: 'Demam' } }
  const { body } = await budi.ask('/fhir/Condition', { method: 'POST', body: condition })
  const later = await register(rina)
  const reference = `Condition/${(body as { id: string }).id}`
  await until('the clinician hears all', async () => clinician.named().includes(`Patient/${later}`))
  await until('the registrar hears all', async () => registrar.named().includes(`Patient/${later}`))
  expect(clinician.named()).toEqual(expect.arrayContaining([`Patient/${mrn}`, reference, `Patient/${later}`]))
  expect(registrar.named()).not.toContain(reference)
  expect(JSON.stringify([clinician.events, registrar.events])).not.toMatch(/Dewi|Demam/)
  clinician.close()
  registrar.close()
})

test('who comes back is told what was missed; by a position of another start, that it is not known', async () => {
  const first = await listening(budi)
  const id = first.events[0]?.id ?? ''
  first.close()
  const mrn = await register(rina)
  for (const [headers, query] of [
    [{ 'last-event-id': id }, ''],
    [{}, `?since=${id}`],
  ] as const) {
    const again = await listening(budi, headers, query)
    expect(again.named()).toContain(`Patient/${mrn}`)
    again.close()
  }
  for (const odd of ['x', '01J9ZK3V5N8Q2W4E6R8T0Y1U3I-7']) {
    const again = await listening(budi, { 'last-event-id': odd })
    expect(again.events[0]?.event).toEqual({ kind: 'all' })
    again.close()
  }
})

test('a load of many is told as one', async () => {
  const heard = await listening(siti)
  const entry = Array.from({ length: 600 }, (_, index) => ({
    resource: { resourceType: 'Patient', name: [{ text: `Nama ${index}` }] },
    request: { method: 'POST', url: 'Patient' },
  }))
  const body = { resourceType: 'Bundle', type: 'transaction', entry }
  expect((await siti.ask('/fhir', { method: 'POST', body })).status).toBe(200)
  await until('it is told', async () => heard.events.some(({ event }) => event.kind === 'all'))
  heard.close()
})

test('one person can not take all the lines', async () => {
  const lines = await Promise.all(Array.from({ length: 8 }, () => listening(rina)))
  const refused = await askJson(`${edge.url}/app/changes`, undefined, { headers: { cookie: rina.cookie } })
  expect(refused).toMatchObject({ status: 503, body: { error: 'OVERLOADED' } })
  const other = await listening(budi)
  for (const line of [...lines, other]) line.close()
  await until('there is room', async () => {
    const stopper = new AbortController()
    const { status } = await fetch(`${edge.url}/app/changes`, {
      headers: { cookie: rina.cookie },
      signal: stopper.signal,
    })
    stopper.abort()
    return status === 200
  })
})

test('ends, and says so, when somebody signs out or is signed out', async () => {
  const [clinician, registrar] = await Promise.all([listening(budi), listening(rina)])
  await rina.ask('/app/session', { method: 'DELETE' })
  await siti.ask('/app/people/budi', { method: 'PUT', body: { isDisabled: true } })
  for (const heard of [clinician, registrar]) {
    await until('it is over', async () => heard.isOver())
    expect(heard.events.at(-1)?.event).toEqual({ kind: 'ended' })
  }
})
