import { PUSH_CHECKPOINT } from '../../../protocol/push-checkpoint'
import { askJson, basic } from '../../support/ask'
import { startCouch, type TestCouch } from '../../support/couch'
import { type NodeAccount, registerNode } from '../../support/node'
import { type Running, startProgram, temporaryFolder } from '../../support/processes'
import { firstRevision, location } from '../../support/records'

/** Two gateways, as processes, on one store: what the one has taken, the other knows (law 9). */
const OPERATOR_PASSWORD = 'operator-password-of-the-tests'

let store: TestCouch
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let gateways: [Running, Running]
let nodes: NodeAccount[]
let counter = 0

beforeAll(async () => {
  store = await startCouch()
  folder = await temporaryFolder()
  const start = (name: string) =>
    startProgram(
      ['hub'],
      {
        HUB_DATA: `${folder.path}/${name}`,
        HUB_OPERATOR_PASSWORD: OPERATOR_PASSWORD,
        HUB_SECRET_KEY: Buffer.alloc(32, 7).toString('base64url'),
        HUB_LOG_LEVEL: 'warn',
        COUCHDB_URL: store.url,
      },
      'HUB_PORT',
      `${folder.path}/${name}`,
    )
  gateways = await Promise.all([start('one'), start('two')])
  const operator = (path: string, options: Parameters<typeof askJson>[2] = {}) =>
    askJson(`${gateways[0].url}${path}`, basic('operator', OPERATOR_PASSWORD), options)
  nodes = []
  for (const externalId of ['101', '102', '103', '104', '105', '106']) {
    nodes.push(await registerNode({ url: gateways[0].url, operator }, externalId))
  }
}, 90_000)
afterAll(async () => {
  for (const gateway of gateways ?? []) await gateway.kill()
  await store?.stop()
  await folder?.remove()
})

/** A facility that nobody has used yet. */
function newNode() {
  const node = nodes[counter++]
  if (!node) throw new Error('there are too few')
  const ask = (at: 0 | 1, path: string, options: Parameters<typeof askJson>[2] = {}) =>
    askJson(`${gateways[at].url}/sync/ehr${path}`, basic(node.nodeName, node.syncPassword), options)
  let documents = 0
  return {
    /** A batch of one new document; with the session, if there is one. */
    async push(at: 0 | 1, session?: string) {
      const doc = firstRevision(location(node.externalId, `l${++documents}`), String(documents).padStart(32, '0'))
      const answer = await ask(at, '/_bulk_docs', {
        method: 'POST',
        body: { new_edits: false, docs: [doc] },
        ...(session !== undefined && { headers: { 'lontar-session': session } }),
      })
      const admin = basic(store.address.username, store.address.password.reveal())
      const { status } = await askJson(`${store.address.url}/ehr/${encodeURIComponent(doc._id)}`, admin)
      return { status: answer.status, error: (answer.body as { error?: string }).error, isWritten: status === 200 }
    },
    /** Puts a session on top, as an edge does; with nothing, what somebody else left there. */
    async claim(at: 0 | 1, ...sessions: string[]) {
      const { body } = await ask(at, `/_local/${PUSH_CHECKPOINT}`)
      const { _rev } = body as { _rev?: string }
      const history = sessions.map((session_id) => ({ session_id, recorded_seq: 0 }))
      const put = { method: 'PUT', body: { _id: `_local/${PUSH_CHECKPOINT}`, ...(_rev && { _rev }), history } }
      return (await ask(at, `/_local/${PUSH_CHECKPOINT}`, put)).status
    },
  }
}

const TAKEN = { status: 201, error: undefined, isWritten: true }
const SUPERSEDED = { status: 409, error: 'SESSION_SUPERSEDED', isWritten: false }

describe('a batch that names its session', () => {
  test('is refused whole before there is a checkpoint, or where the hub has lost it', async () => {
    const { push } = newNode()
    expect(await push(0, 's1')).toEqual(SUPERSEDED)
  })

  test('is refused while the checkpoint names another one first, at whichever gateway', async () => {
    const { push, claim } = newNode()
    await claim(0, 's1')
    expect(await push(0, 's1')).toEqual(TAKEN)
    expect(await push(1, 's1')).toEqual(TAKEN)
    await claim(1, 's2', 's1')
    expect(await push(0, 's1')).toEqual(SUPERSEDED)
    expect(await push(1, 's1')).toEqual(SUPERSEDED)
    expect(await push(0, 's2')).toEqual(TAKEN)
  })

  test('is taken again once its session is put on top again', async () => {
    const { push, claim } = newNode()
    await claim(0, 's2', 's1')
    expect(await push(1, 's1')).toEqual(SUPERSEDED)
    await claim(1, 's1', 's2')
    expect(await push(0, 's1')).toEqual(TAKEN)
    expect(await push(0, 's2')).toEqual(SUPERSEDED)
  })

  test('is refused where the checkpoint is not of the form', async () => {
    const { push, claim } = newNode()
    await claim(0)
    expect(await push(0, '')).toEqual(SUPERSEDED)
    expect(await push(0, 'undefined')).toEqual(SUPERSEDED)
  })

  test('is not held against another facility’s checkpoint', async () => {
    const [one, other] = [newNode(), newNode()]
    await one.claim(0, 's1')
    expect(await other.push(0, 's1')).toEqual(SUPERSEDED)
    // A stock replicator names none.
    expect(await other.push(0)).toEqual(TAKEN)
    expect(await one.push(0)).toEqual(TAKEN)
  })
})
