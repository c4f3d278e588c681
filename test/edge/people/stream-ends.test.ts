import type { AppTokenMade } from '../../../schemas/generated/types'
import { type RunningEdge, startEdge } from '../../support/edge'
import { Browser, PASSWORDS } from './signed-in'

let edge: RunningEdge
let siti: Browser
let rina: Browser

beforeAll(async () => {
  edge = await startEdge('101', 'http://127.0.0.1:9')
  siti = new Browser(edge.url)
  rina = new Browser(edge.url)
}, 60_000)
afterAll(() => edge?.remove())

/** Hears the status until the edge ends it. */
async function listening(headers: Record<string, string> = {}) {
  const response = await fetch(`${edge.url}/status/stream`, { headers })
  expect(response.status).toBe(200)
  const reader = response.body?.getReader()
  if (!reader) throw new Error('a stream without a body')
  await reader.read()
  const ended = (async () => {
    while (!(await reader.read()).done);
    return 'ended'
  })()
  return { ended }
}

test('an open stream of the status ends with what let its listener in', async () => {
  const beforeAccounts = await listening()
  expect((await siti.addPerson('siti', 'admin')).status).toBe(201)
  expect(await beforeAccounts.ended).toBe('ended')

  expect((await siti.addPerson('rina', 'clinician')).status).toBe(201)
  await rina.signIn('rina', PASSWORDS.rina)
  const made = (await siti.ask('/app/tokens', { method: 'POST', body: { name: 'Lab', role: 'clinician' } }))
    .body as AppTokenMade
  const [ofSiti, ofRina, ofLab] = await Promise.all([
    listening({ cookie: siti.cookie }),
    listening({ cookie: rina.cookie }),
    listening({ authorization: `Bearer ${made.token}` }),
  ])
  await siti.ask('/app/people/rina', { method: 'PUT', body: { isDisabled: true } })
  expect(await ofRina.ended).toBe('ended')
  await siti.ask(`/app/tokens/${made.id}`, { method: 'DELETE' })
  expect(await ofLab.ended).toBe('ended')
  expect(await Promise.race([ofSiti.ended, Promise.resolve('goes on')])).toBe('goes on')
  await siti.ask('/app/session', { method: 'DELETE' })
  expect(await ofSiti.ended).toBe('ended')
})
