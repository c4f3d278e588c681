import { askJson, basic } from '../../support/ask'
import { type RunningHub, startHub } from '../../support/hub'
import { type NodeAccount, registerNode } from '../../support/node'
import { firstRevision, location } from '../../support/records'

/**
 * Law 7: a table of CouchDB's paths and verbs against who asks. What is open is named; every other cell must be closed,
 * and must not tell what is in the database.
 */
const PATHS: readonly (readonly [path: string, ...methods: string[]])[] = [
  ['/sync/ehr', 'GET', 'HEAD', 'PUT', 'POST', 'DELETE'],
  ['/sync/ehr/101:Location:main', 'GET', 'HEAD', 'PUT', 'DELETE'],
  ['/sync/ehr/10100000017:Patient', 'GET', 'HEAD', 'PUT', 'DELETE', 'COPY'],
  ['/sync/ehr/10100000017:Patient/photo', 'GET', 'PUT', 'DELETE'],
  ['/sync/ehr/_all_docs', 'GET', 'POST'],
  ['/sync/ehr/_all_docs/queries', 'POST'],
  ['/sync/ehr/_partition/10100000017', 'GET'],
  ['/sync/ehr/_partition/10100000017/_all_docs', 'GET'],
  ['/sync/ehr/_bulk_get', 'POST'],
  ['/sync/ehr/_changes', 'GET', 'POST'],
  ['/sync/ehr/_find', 'POST'],
  ['/sync/ehr/_explain', 'POST'],
  ['/sync/ehr/_index', 'GET', 'POST'],
  ['/sync/ehr/_design_docs', 'GET'],
  ['/sync/ehr/_design/ownership', 'GET', 'PUT', 'DELETE'],
  ['/sync/ehr/_design/links/_view/by-target', 'GET', 'POST'],
  ['/sync/ehr/_design/links/_info', 'GET'],
  ['/sync/ehr/_local_docs', 'GET', 'POST'],
  ['/sync/ehr/_security', 'GET', 'PUT'],
  ['/sync/ehr/_revs_limit', 'GET', 'PUT'],
  ['/sync/ehr/_missing_revs', 'POST'],
  ['/sync/ehr/_purge', 'POST'],
  ['/sync/ehr/_compact', 'POST'],
  ['/sync/ehr/_shards', 'GET'],
  ['/sync/ehr/_temp_view', 'POST'],
  ['/sync/nodes/_all_docs', 'GET'],
  ['/sync/node_security/node-101', 'GET'],
  ['/sync/audit/_all_docs', 'GET'],
  ['/sync/_users/org.couchdb.user:node-101', 'GET', 'PUT'],
  ['/sync/_all_dbs', 'GET'],
  ['/sync/_session', 'GET', 'POST', 'DELETE'],
  ['/sync/_replicate', 'POST'],
  ['/sync/_utils', 'GET'],
  ['/sync/ehr/%2e%2e/nodes/_all_docs', 'GET'],
  ['/sync/ehr//_all_docs', 'GET'],
  ['/sync/EHR/_bulk_docs', 'POST'],
  ['/ehr/_all_docs', 'GET'],
  ['/nodes/_all_docs', 'GET'],
  ['/node_security/_all_docs', 'GET'],
  ['/audit/_all_docs', 'GET'],
  ['/_users/_all_docs', 'GET'],
  ['/_all_dbs', 'GET'],
  ['/_session', 'GET', 'POST'],
  ['/_replicate', 'POST'],
  ['/_utils', 'GET'],
  ['/_node/_local/_config', 'GET'],
]
const OPEN_TO_NODE = new Set(['GET /sync/ehr', 'HEAD /sync/ehr'])

let hub: RunningHub
let node: NodeAccount
let authorizations: Record<string, string | undefined>

beforeAll(async () => {
  hub = await startHub()
  node = await registerNode(hub, '101')
  authorizations = {
    node: basic(node.nodeName, node.syncPassword),
    operator: basic('operator', hub.operatorPassword),
    nobody: undefined,
    'a node with a wrong password': basic(node.nodeName, 'A'.repeat(43)),
    'a node that does not exist': basic('node-999', node.syncPassword),
  }
  // A record that must not be seen, not even its own.
  const put = await askJson(`${hub.url}/sync/ehr/_bulk_docs`, authorizations['node'], {
    method: 'POST',
    body: { new_edits: false, docs: [SECRET] },
  })
  expect(put).toMatchObject({ status: 201, body: [] })
}, 60_000)
afterAll(() => hub?.remove())

const SECRET = firstRevision(location('101', 'main', 'not to be read'), '0'.repeat(32))

const cells = PATHS.flatMap(([path, ...methods]) =>
  methods.map((method) => [`${method} ${path}`, method, path] as const),
)

describe.each(['node', 'operator', 'nobody', 'a node with a wrong password', 'a node that does not exist'])(
  'law 7: %s',
  (who) => {
    test.each(cells)('%s', async (name, method, path) => {
      const body = ['POST', 'PUT'].includes(method)
        ? { keys: ['101:Location:main'], selector: {}, docs: [] }
        : undefined
      const answer = await askJson(`${hub.url}${path}`, authorizations[who], { method, body })
      if (who === 'node' && OPEN_TO_NODE.has(name)) {
        expect(answer.status).toBe(200)
        return
      }
      expect([401, 403, 404, 405]).toContain(answer.status)
      expect(JSON.stringify(answer.body)).not.toMatch(/not to be read|org\.couchdb|rows|instance_start/)
      if (method !== 'HEAD')
        expect(answer.body).toMatchObject({ error: expect.stringMatching(/^[A-Z_]+$/), reason: expect.any(String) })
    })
  },
)

test('what is open: both ways to the server’s id, for anybody, always the same', async () => {
  const first = await askJson(`${hub.url}/`, undefined)
  const second = await askJson(`${hub.url}/sync/`, authorizations['node'])
  expect(first).toMatchObject({ status: 200, body: { couchdb: 'Welcome', uuid: expect.any(String) } })
  expect(second.body).toEqual(first.body)
})
