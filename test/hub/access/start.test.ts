import { join } from 'node:path'
import type { Express } from 'express'
import { partsOf, ROUTES, type RouteName } from '../../../hub/access/table'
import { startHub } from '../../../hub/main'
import { readHubSettings } from '../../../hub/settings'
import { servedBy } from '../../../runtime/express-routes'
import { createLog } from '../../../runtime/log'
import { Service } from '../../../runtime/service'
import { freePort } from '../../support/ask'
import { temporaryFolder } from '../../support/processes'

const mockApps: Express[] = []
let mockPast: ((app: Express) => void) | undefined
// The program keeps its application to itself; a route that somebody adds past the table is added here.
jest.mock('../../../runtime/http-server', () => {
  const real = jest.requireActual<typeof import('../../../runtime/http-server')>('../../../runtime/http-server')
  return {
    ...real,
    openApp: (...args: Parameters<typeof real.openApp>) => {
      const app = real.openApp(...args)
      mockPast?.(app)
      mockApps.push(app)
      return app
    },
  }
})

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

async function start(past?: (app: Express) => void): Promise<Service> {
  mockPast = past
  const service = new Service(createLog('hub', 'silent'))
  const env = { HUB_DATA: join(folder.path, 'hub'), HUB_PORT: '0', HUB_COUCH_PORT: String(await freePort()) }
  const { settings, secrets } = await readHubSettings({ ...env, HUB_LOG_LEVEL: 'silent' })
  try {
    await startHub(settings, secrets, service)
    return service
  } catch (error) {
    await service.stop()
    throw error
  }
}

test.each<[string, (app: Express) => void, string]>([
  ['a route', (app) => app.get('/debug', (_request, response) => void response.json({})), 'get /debug'],
  ['a folder of files', (app) => app.use('/files', (_request, response) => void response.json({})), 'use /files'],
])('a hub with %s that is not in the table does not start', async (_what, past, named) => {
  await expect(start(past)).rejects.toThrow(named)
})

test('every route that Express knows in a running hub has a row, and every row a route', async () => {
  const service = await start()
  try {
    const served = servedBy(mockApps.at(-1) as Express)
    const rows = (Object.keys(ROUTES) as RouteName[]).map(partsOf)
    const routes = served.flatMap((one) => (one.kind === 'route' ? [one] : []))
    expect(routes.length).toBeGreaterThan(rows.length)
    // What answers for all methods refuses, or looks at a signature: walk.test.ts asks with each of them.
    const isRow = ({ method, path }: { method: string; path: string }) =>
      rows.some((row) => row.path === path && (method === '_all' || row.method.toLowerCase() === method))
    expect(routes.filter((route) => !isRow(route))).toEqual([])
    const names = routes.map(({ method, path }) => `${method} ${path}`)
    const unserved = (Object.keys(ROUTES) as RouteName[]).filter((name) => {
      const { method, path } = partsOf(name)
      return !names.includes(`${ROUTES[name].proof === 'signature' ? '_all' : method.toLowerCase()} ${path}`)
    })
    expect(unserved).toEqual([])
  } finally {
    await service.stop()
  }
})
