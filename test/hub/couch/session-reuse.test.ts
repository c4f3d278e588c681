import { request as ask, createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { couchAddressOf } from '../../../hub/couch/address'
import { startEmbeddedStore } from '../../../hub/couch/embedded-store'
import { createLog } from '../../../runtime/log'
import { Secret } from '../../../runtime/settings'
import { askJson, basic, freePort } from '../../support/ask'
import { wipe } from '../../support/couch'
import { type GatewayProcess, startGatewayProcess } from '../../support/gateway-process'
import { type NodeAccount, registerNode } from '../../support/node'
import { temporaryFolder, until } from '../../support/processes'
import { firstRevision, location } from '../../support/records'

const PUSHES = 60
const NODES = 4

/** A store that can be started again, the embedded one or the CouchDB at COUCHDB_URL. */
interface Restartable {
  url: string
  restart(): Promise<void>
  stop(): Promise<void>
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let store: Restartable
let proxy: { url: string; logins: () => number; server: Server }
let gateway: GatewayProcess
const nodes: NodeAccount[] = []
let documents = 0

beforeAll(async () => {
  folder = await temporaryFolder()
  store = process.env['COUCHDB_URL']
    ? await couchdb(process.env['COUCHDB_URL'])
    : await embedded(`${folder.path}/couch`)
  proxy = await countLogins(store.url)
  gateway = await startGatewayProcess(
    { url: proxy.url } as Parameters<typeof startGatewayProcess>[0],
    `${folder.path}/hub`,
  )
  for (let index = 0; index < NODES; index++) nodes.push(await registerNode(gateway, `61${index}`))
}, 60_000)
afterAll(async () => {
  await gateway?.kill()
  proxy?.server.close()
  proxy?.server.closeAllConnections()
  await store?.stop()
  await folder?.remove()
})

/** One push of a new document; a gateway that looks into the database before it pushes is counted with it. */
async function push({ nodeName, syncPassword, externalId }: NodeAccount): Promise<number> {
  const { status } = await askJson(`${gateway.url}/sync/ehr/_bulk_docs`, basic(nodeName, syncPassword), {
    method: 'POST',
    body: { new_edits: false, docs: [firstRevision(location(externalId, `d${documents++}`), '0'.repeat(32))] },
  })
  return status
}

async function loginsOf(deed: () => Promise<unknown>): Promise<number> {
  const before = proxy.logins()
  await deed()
  return proxy.logins() - before
}

const pushMany = async () => {
  const statuses = await Promise.all(nodes.flatMap((node) => Array.from({ length: PUSHES / NODES }, () => push(node))))
  expect(new Set(statuses)).toEqual(new Set([201]))
}

test('a node costs one login for its first pushes, also where they come at once, and none for those that follow', async () => {
  expect(await loginsOf(pushMany)).toBe(NODES)
  expect(await loginsOf(pushMany)).toBe(0)
})

test('a database that was started again costs each node one login at the most', async () => {
  await store.restart()
  await until('it answers again', async () => (await push(nodes[0] as NodeAccount)) === 201)
  expect(await loginsOf(pushMany)).toBeLessThanOrEqual(NODES)
  expect(await loginsOf(pushMany)).toBe(0)
})

test('rotating with an overlap costs one login, at the first use of the new password', async () => {
  const node = nodes[0] as NodeAccount
  const authorization = basic(node.nodeName, node.syncPassword)
  const logins = await loginsOf(async () => {
    await gateway.operator(`/operator/nodes/${node.nodeName}/rotate`, { method: 'POST', body: { overlap: true } })
    const { body } = await askJson(`${gateway.url}/node/configuration`, authorization)
    const { credentials } = body as { credentials: { syncPassword: string } }
    expect(await push(node)).toBe(201)
    nodes[0] = { ...node, syncPassword: credentials.syncPassword }
    expect(await push(nodes[0])).toBe(201)
  })
  expect(logins).toBe(1)
  expect(await loginsOf(pushMany)).toBe(0)
})

// CouchDB alone can be told how long a session lasts.
const onCouchdb = process.env['COUCHDB_URL'] ? test : test.skip
onCouchdb('a session that has expired is opened again without the push noticing', async () => {
  const { url, username, password } = couchAddressOf(store.url)
  const setting = `${url}/_node/_local/_config/chttpd_auth/timeout`
  const admin = basic(username, password.reveal())
  const before = (await askJson(setting, admin)).body
  try {
    await askJson(setting, admin, { method: 'PUT', body: '10' })
    const logins = await loginsOf(async () => {
      await pushMany()
      await new Promise((resume) => setTimeout(resume, 11_000))
      await pushMany()
    })
    expect(logins).toBeGreaterThanOrEqual(NODES)
    expect(logins).toBeLessThanOrEqual(2 * NODES)
  } finally {
    await askJson(setting, admin, { method: 'PUT', body: typeof before === 'string' ? before : '600' })
  }
})

async function embedded(data: string): Promise<Restartable> {
  const port = await freePort()
  const start = () =>
    startEmbeddedStore({
      folder: data,
      host: '127.0.0.1',
      port,
      admin: { username: 'admin', password: new Secret('admin-secret') },
      log: createLog('store', 'silent'),
    })
  let running = await start()
  return {
    url: running.url.replace('://', '://admin:admin-secret@'),
    async restart() {
      await running.stop()
      running = await start()
    },
    stop: () => running.stop(),
  }
}

async function couchdb(url: string): Promise<Restartable> {
  const address = couchAddressOf(url)
  await wipe(address)
  return {
    url,
    async restart() {
      const admin = basic(address.username, address.password.reveal())
      await askJson(`${address.url}/_node/_local/_restart`, admin, { method: 'POST', body: {} })
      await until('it is up', async () => {
        const { status } = await askJson(`${address.url}/_up`, undefined).catch(() => ({ status: 0 }))
        return status === 200
      })
    },
    stop: async () => undefined,
  }
}

/** Between the gateway and its database; a `POST /_session` is what costs CouchDB the hash of a password. */
async function countLogins(storeUrl: string): Promise<typeof proxy> {
  const target = new URL(storeUrl)
  let logins = 0
  const server = createServer((incoming, outgoing) => {
    if (incoming.method === 'POST' && incoming.url === '/_session') logins++
    const forwarded = ask(
      {
        host: target.hostname,
        port: target.port,
        method: incoming.method,
        path: incoming.url,
        headers: incoming.headers,
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      },
    )
    forwarded.on('error', () => outgoing.destroy())
    incoming.pipe(forwarded)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const own = new URL(storeUrl)
  own.port = String((server.address() as AddressInfo).port)
  return { url: own.href, logins: () => logins, server }
}
