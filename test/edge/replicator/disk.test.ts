import { join } from 'node:path'
import { Engine, healthy } from '../../support/engine'
import { temporaryFolder, until } from '../../support/processes'
import { location } from '../../support/records'
import { type ScriptedServer, startScriptedServer } from '../../support/scripted-server'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let server: ScriptedServer
let engine: Engine

beforeEach(async () => {
  folder = await temporaryFolder()
  server = await startScriptedServer(healthy)
  engine = await Engine.open(join(folder.path))
})
afterEach(async () => {
  await engine.close()
  await server.stop()
  await folder.remove()
})

test('tells of a disk that does not take the checkpoint, and goes on when it does', async () => {
  const full = new Error('IO error: No space left on device')
  const put = jest.spyOn(engine.database, 'put').mockRejectedValue(full)
  await engine.start({ syncUrl: server.url, nodeName: 'node-101', syncPassword: 'secret' })
  await engine.write(location('101', 'a'))
  await until('it is told', async () => engine.faults.length > 0)
  expect(engine.faults[0]).toBe(full)
  put.mockRestore()
  await engine.idle()
})
