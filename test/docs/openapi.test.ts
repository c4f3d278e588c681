import { join } from 'node:path'
import type { Express } from 'express'
import { startEdge } from '../../edge/main'
import { startHub } from '../../hub/main'
import { createLog } from '../../runtime/log'
import { Service } from '../../runtime/service'
import { Secret } from '../../runtime/settings'
import * as validators from '../../schemas/generated/validators'
import { askJson, basic, freePort } from '../support/ask'
import { temporaryFolder } from '../support/processes'
import { OpenApi } from './documented'
import { routesOf } from './express-routes'

const mockApps: unknown[] = []
// The programs keep their application to themselves; what they listen with is what is served.
jest.mock('../../runtime/http-server', () => {
  const real = jest.requireActual<typeof import('../../runtime/http-server')>('../../runtime/http-server')
  return {
    ...real,
    listen: (...args: Parameters<typeof real.listen>) => {
      mockApps.push(args[0])
      return real.listen(...args)
    },
  }
})

const log = createLog('hub', 'silent')
const service = new Service(log)
const secret = () => new Secret(Buffer.alloc(32, 7).toString('base64url'))
let folder: Awaited<ReturnType<typeof temporaryFolder>>
const running: Record<string, { url: string; app: Express }> = {}

beforeAll(async () => {
  folder = await temporaryFolder()
  const hub = await startHub(
    {
      host: '127.0.0.1',
      port: 0,
      dataFolder: join(folder.path, 'hub'),
      couchPort: await freePort(),
      logLevel: 'silent',
      consentPolicy: 'permit-unless-refused',
      operatorSessions: { idleMs: 30 * 60_000, absoluteMs: 12 * 3_600_000 },
      alertEveryMs: 3_600_000,
      rotationOverlapMs: 24 * 3_600_000,
      rates: { address: 1_000_000, node: 1_000_000, registrations: 1_000_000, failures: 1_000_000 },
    },
    { secretKey: secret(), operatorPassword: secret(), couchPassword: secret(), metricsToken: secret() },
    service,
  )
  running['openapi.yaml'] = { url: hub.server.url, app: mockApps.at(-1) as Express }
  const edge = await startEdge(
    {
      host: '127.0.0.1',
      port: 0,
      dataFolder: join(folder.path, 'edge'),
      externalId: '101',
      name: 'Facility 101',
      hubUrl: hub.server.url,
      logLevel: 'silent',
      budget: {},
      metricsToken: new Secret('token-of-the-metrics'),
    },
    service,
  )
  running['openapi-edge.yaml'] = { url: edge.url, app: mockApps.at(-1) as Express }
})

afterAll(async () => {
  await service.stop()
  await folder.remove()
})

describe.each(['openapi.yaml', 'openapi-edge.yaml'])('docs/%s', (file) => {
  const document = new OpenApi(file)
  const operations = document.operations()
  const at = () => running[file] ?? { url: '', app: undefined as never }

  test('has every route that is served, and no other', () => {
    const documented = operations.map(({ name }) => name).sort()
    expect(documented.length).toBeGreaterThan(10)
    expect(documented).toEqual(routesOf(at().app))
  })

  test('refers to what is there', () => {
    expect(document.references().filter(({ isThere }) => !isThere)).toEqual([])
  })

  // A stream does not end; status-stream.test.ts and change-stream.test.ts read them.
  const ends = operations.filter(({ name }) => !/\/(stream|changes)$/.test(name))
  test.each(ends.filter(({ isSecured, method }) => !isSecured && method === 'GET'))(
    '$name answers as it says',
    async ({ examplePath, statuses, schemaTitle }) => {
      const { status, body } = await askJson(`${at().url}${examplePath}`, undefined)
      expect(statuses).toContain(String(status))
      if (status !== 200 || schemaTitle === undefined) return
      const validator = (validators as unknown as Record<string, (value: unknown) => boolean>)[`is${schemaTitle}`]
      expect(validator?.(body)).toBe(true)
    },
  )
})

describe('the form of a request to the hub', () => {
  const operations = new OpenApi('openapi.yaml')
    .operations()
    .filter(({ path }) => /^\/(registrations|node|operator|healthz|readyz)(\/|$)/.test(path))
  const paths = [...new Set(operations.map(({ path }) => path))].map((path) => {
    const methods = operations.filter((one) => one.path === path).map(({ method }) => method)
    const allow = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
    return { path, allow: allow.join(', '), at: operations.find((one) => one.path === path)?.examplePath ?? '' }
  })
  const operator = () => basic('operator', secret().reveal())
  const ask = (path: string, options: Parameters<typeof askJson>[2], authorization?: string) =>
    askJson(`${running['openapi.yaml']?.url}${path}`, authorization, options)

  test.each(paths)('$path takes $allow and no other method', async ({ path, allow, at }) => {
    for (const method of ['PATCH', 'GET', 'POST', 'PUT', 'DELETE'].filter((one) => !allow.split(', ').includes(one))) {
      const answer = await ask(at, { method }, operator())
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow])
      expect(answer.body).toMatchObject({ error: 'METHOD_NOT_ALLOWED' })
      if (path.startsWith('/operator')) expect((await ask(at, { method })).status).toBe(401)
    }
  })

  test.each([
    '/registrations/a/b',
    '/node',
    '/node/other',
    '/operator',
    '/operator/nodes/node-101/other',
    '/healthz/x',
  ])('%s is unknown, whatever the method', async (path) => {
    for (const method of ['GET', 'POST', 'PATCH']) expect((await ask(path, { method }, operator())).status).toBe(404)
  })

  const posts = operations.filter(({ method }) => method === 'POST')

  test.each(posts)('$name takes no body that is not JSON', async ({ examplePath, statuses }) => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/fhir+json', 'json', '']) {
      const answer = await ask(examplePath, { method: 'POST', body: {}, headers: { 'content-type': type } }, operator())
      expect([answer.status, answer.body]).toEqual([415, expect.objectContaining({ error: 'UNSUPPORTED_MEDIA_TYPE' })])
    }
    expect(statuses).toContain('415')
    for (const type of ['application/json', 'Application/JSON; charset=utf-8']) {
      const answer = await ask(examplePath, { method: 'POST', body: {}, headers: { 'content-type': type } }, operator())
      expect([200, 400, 401, 404]).toContain(answer.status)
    }
  })
})

describe('who may call', () => {
  const secured = new OpenApi('openapi.yaml').operations().filter(({ isSecured }) => isSecured)

  test.each(secured)('$name is 401 without credentials', async ({ examplePath, method, statuses }) => {
    const { status } = await askJson(`${running['openapi.yaml']?.url}${examplePath}`, undefined, { method })
    expect(status).toBe(401)
    expect(statuses).toContain('401')
  })

  test.each([{ origin: 'https://elsewhere.example' }, { origin: 'null' }])(
    'the edge answers no page of another site: %j',
    async (headers) => {
      const { status } = await askJson(`${running['openapi-edge.yaml']?.url}/status`, undefined, { headers })
      expect(status).toBe(403)
    },
  )

  test('the edge has no accounts', () => {
    expect(new OpenApi('openapi-edge.yaml').operations().filter(({ isSecured }) => isSecured)).toEqual([])
  })
})
