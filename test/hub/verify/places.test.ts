import { generateKeyPairSync } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { accessRouter } from '../../../hub/access/access-router'
import { ANSWERS, VERIFY_BODIES } from '../../../hub/limits/limits'
import { verifyRoutes } from '../../../hub/verify/routes'
import { CodedError } from '../../../protocol/error-codes'
import { refusalOf } from '../../../protocol/refusal-of'
import { Bodies } from '../../../runtime/bodies/bodies'
import { closeApp, openApp } from '../../../runtime/http-server'
import { createLog } from '../../../runtime/log'
import { UntakenAnswers } from '../../../runtime/untaken-answers'
import { askJson } from '../../support/ask'
import { nodeDocument } from '../import/hub-of-fakes'

/** The route behind real HTTP, with a database that answers when it is told to. Who asks is taken from the header. */
async function serve() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = () => resolve()
  })
  let reading = 0
  const log = createLog('hub', 'silent')
  const app = openApp(log)
  const routes = verifyRoutes({
    hubId: 'hub',
    keys: async () => {
      const { privateKey: receipt } = generateKeyPairSync('ed25519')
      return { receipt, publicKey: '', earlier: [], pass: [Buffer.alloc(32)] }
    },
    revisions: {
      living: async () => {
        reading++
        await opened
        return []
      },
      deleted: async () => [],
    },
    keepReceipt: async () => undefined,
    receiptOf: async () => undefined,
    bodies: new Bodies(VERIFY_BODIES),
    answers: new UntakenAnswers(ANSWERS),
    now: () => new Date(),
  })
  const unasked = () => Promise.reject(new Error('nodes alone ask here'))
  const proofs = { claim: unasked, operator: unasked, 'metrics token': unasked }
  app.use(
    accessRouter(routes, {
      ...proofs,
      'node password': async ({ headers }) => {
        const externalId = String(headers.authorization)
        return { kind: 'node', node: { ...nodeDocument(), nodeName: `node-${externalId}`, externalId }, password: '' }
      },
    }),
  )
  closeApp(
    app,
    log,
    (error, { path }) => refusalOf(error, path, () => 'fault-1'),
    () => new CodedError('NOT_FOUND', 'There is nothing here.'),
  )
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/node/verify`
  return {
    open,
    ask: (externalId: string) => {
      const ranges = [{ from: `${externalId}:Location:a`, to: `${externalId}:Location:c` }]
      return askJson(url, externalId, { method: 'POST', body: { ranges } })
    },
    isReading: async (times: number) => {
      while (reading < times) await new Promise((resolve) => setImmediate(resolve))
    },
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

test('a facility that asks again and again leaves places for others, and all together have four', async () => {
  const hub = await serve()
  const own = [hub.ask('101'), hub.ask('101')]
  await hub.isReading(2)
  const beyond = await hub.ask('101')
  expect(beyond).toMatchObject({ status: 503, body: { error: 'OVERLOADED' } })
  expect(Number(beyond.headers.get('retry-after'))).toBeGreaterThan(0)
  const others = [hub.ask('102'), hub.ask('103')]
  await hub.isReading(4)
  expect(await hub.ask('104')).toMatchObject({ status: 503, body: { error: 'OVERLOADED' } })
  hub.open()
  expect((await Promise.all([...own, ...others])).map(({ status }) => status)).toEqual([200, 200, 200, 200])
  expect(await hub.ask('101')).toMatchObject({ status: 200 })
  hub.stop()
})
