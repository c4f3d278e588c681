import { Agent, request } from 'undici'
import { BudgetKeeper } from '../../../edge/replicator/budget-keeper'
import { BudgetUse } from '../../../edge/replicator/budget-use'
import { EdgeState } from '../../../edge/store/state'
import { type Link, startLink } from '../../support/link'
import { temporaryFolder } from '../../support/processes'
import { type ScriptedServer, startScriptedServer } from '../../support/scripted-server'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let state: EdgeState
let server: ScriptedServer
let link: Link

beforeAll(async () => {
  folder = await temporaryFolder()
  state = await EdgeState.open(folder.path)
  server = await startScriptedServer(() => ({ status: 200, body: 'y'.repeat(600_000) }))
  link = await startLink(server.url)
})
afterAll(async () => {
  await link.stop()
  await server.stop()
  await state.stop()
  await folder.remove()
})

test('R25: what other connections take, both directions, is of the day, and history waits for it', async () => {
  const part = state.part<number>('budget')
  const now = () => new Date('2026-11-26T09:00:00')
  const budget = new BudgetKeeper({ megabytesPerDay: 1 }, await BudgetUse.open(part), now)
  const agent = new Agent({ connect: budget.connector({}) })
  expect(budget.allowance('history')).toEqual({ kind: 'go', bytes: 1_000_000 })

  const { body } = await request(link.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify('x'.repeat(600_000)),
    dispatcher: agent,
  })
  await body.dump({ limit: 1_000_000 })

  // The connection is kept, and counted all the same.
  const { bytesUp, bytesDown } = link.traffic()
  expect(budget.bytesToday).toBe(bytesUp + bytesDown)
  expect(Math.min(bytesUp, bytesDown)).toBeGreaterThan(600_000)
  expect(budget.allowance('history')).toMatchObject({ kind: 'wait', cause: 'day' })
  expect(budget.allowance('urgent')).toMatchObject({ kind: 'go' })
  await budget.keep()
  await agent.close()
  expect((await BudgetUse.open(part)).on(now())).toBe(bytesUp + bytesDown)
})
