import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '../../../hub/couch/connect'
import { startThreadedStore } from '../../../hub/couch/threaded-store'
import { PlainError } from '../../../runtime/plain-error'
import { Secret } from '../../../runtime/settings'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lontar-thread-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const start = (port = 0, at = folder) =>
  startThreadedStore({
    folder: at,
    host: '127.0.0.1',
    port,
    username: 'admin',
    password: 'the-pass',
    logLevel: 'error',
  })

test('the embedded store in a thread keeps what it has answered for over a stop, which may be told twice', async () => {
  const first = await start()
  const writing = connect({ url: first.url, username: 'admin', password: new Secret('the-pass') })
  await writing.createDatabase('nodes')
  expect(await writing.database('nodes').bulk([{ _id: 'a', name: 'Klinik “Alor”' }])).toMatchObject([{ id: 'a' }])
  await writing.stop()
  await Promise.all([first.stop(), first.stop()])
  const second = await start()
  const reading = connect({ url: second.url, username: 'admin', password: new Secret('the-pass') })
  expect(await reading.database('nodes').get('a')).toMatchObject({ name: 'Klinik “Alor”' })
  await reading.stop()
  await second.stop()
})

test('a port that is taken is said in words, as one that the gateway wants', async () => {
  const store = await start()
  const second = start(Number(new URL(store.url).port), join(folder, 'second'))
  await expect(second).rejects.toBeInstanceOf(PlainError)
  await expect(second).rejects.toThrow(/HUB_COUCH_PORT/)
  await store.stop()
})
