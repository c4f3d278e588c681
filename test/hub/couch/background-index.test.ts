import { BackgroundIndex } from '../../../hub/couch/embedded/background-index'
import type { Databases } from '../../../hub/couch/embedded/databases'
import { createLog } from '../../../runtime/log'
import { until } from '../../support/processes'

/** As PouchDB does where a database is destroyed while a view of it is asked: no answer ever comes. */
function databases() {
  const there = new Set(['hangs', 'answers'])
  const asked: string[] = []
  const of = (name: string) => ({
    allDocs: async () => ({ rows: [{ id: '_design/a', doc: { views: { all: {} } } }] }),
    query: () => {
      asked.push(name)
      return name === 'hangs' ? new Promise(() => undefined) : Promise.resolve({})
    },
  })
  const open = new Map([...there].map((name) => [name, of(name)]))
  const fake = {
    has: (name: string) => there.has(name),
    open: (name: string) => open.get(name),
    isOpen: (name: string, database: unknown) => there.has(name) && open.get(name) === database,
  }
  return { there, asked, fake: fake as unknown as Databases }
}
const log = createLog('store', 'silent')

test('a database that is destroyed while it is indexed holds up neither the others nor a stop', async () => {
  const { there, asked, fake } = databases()
  const index = new BackgroundIndex(fake, log)
  index.written('hangs')
  await until('it is asked', async () => asked.includes('hangs'), 20_000)
  index.written('answers')
  there.delete('hangs')
  await until('the next one is asked', async () => asked.includes('answers'), 20_000)
  await index.stop()
}, 60_000)

test('a view that takes long is not waited for at a stop', async () => {
  const { asked, fake } = databases()
  const index = new BackgroundIndex(fake, log)
  index.written('hangs')
  await until('it is asked', async () => asked.includes('hangs'), 20_000)
  await index.stop()
}, 30_000)
