import { type Couch, connect } from '../../../hub/couch/connect'
import { setUpCouch } from '../../../hub/couch/set-up'
import { acceptRegistration } from '../../../hub/nodes/accept-registration'
import { answerRegistration, claimedRegistration } from '../../../hub/nodes/answer-registration'
import { nodeAuthenticator } from '../../../hub/nodes/authenticate-node'
import { resumeNode, rotateSecrets, suspendNode } from '../../../hub/nodes/change-node-state'
import { databaseOf } from '../../../hub/nodes/couch-nodes'
import { acceptDataAccess, rejectDataAccess, requestDataAccess } from '../../../hub/nodes/data-access'
import type { Database } from '../../../hub/nodes/database'
import { endOverlaps } from '../../../hub/nodes/end-overlaps'
import { readNode } from '../../../hub/nodes/node-documents'
import type { NodeStores } from '../../../hub/nodes/node-stores'
import { openNodeStores } from '../../../hub/nodes/node-stores'
import { requestRegistration } from '../../../hub/nodes/registrations'
import { rejectRegistration } from '../../../hub/nodes/reject-registration'
import { reopenNode } from '../../../hub/nodes/reopen-node'
import { sealerOf } from '../../../hub/nodes/seal'
import { hashOfClaim } from '../../../protocol/claim'
import { createLog } from '../../../runtime/log'
import { Secret } from '../../../runtime/settings'
import type { RegistrationAnswer } from '../../../schemas/generated/types'
import { basic } from '../../support/ask'
import { startCouch, type TestCouch } from '../../support/couch'

class Crash extends Error {}

/** Ends every write after the first `left` ones, as if the process had been killed before it. */
interface Life {
  left: number
}

let store: TestCouch
let couch: Couch

beforeAll(async () => {
  store = await startCouch()
  couch = connect(store.address)
  await setUpCouch(couch, { log: createLog('hub', 'silent'), signal: AbortSignal.timeout(60_000) })
})

afterAll(async () => {
  await couch?.stop()
  await store?.stop()
})

function storesOf(life: Life): NodeStores {
  const mortal = (database: Database): Database => {
    const write = <T>(deed: () => Promise<T>): Promise<T> => {
      if (life.left-- <= 0) throw new Crash()
      return deed()
    }
    return {
      ...database,
      put: (document) => write(() => database.put(document)),
      remove: (id, rev) => write(() => database.remove(id, rev)),
    }
  }
  const open = (name: string) => mortal(databaseOf(couch.database(name)))
  const audit = open('audit')
  let entries = 0
  return openNodeStores({
    nodes: open('nodes'),
    nodeSecurity: open('node_security'),
    users: open('_users'),
    sealer: sealerOf(new Secret('ab'.repeat(32))),
    audit: async (entry) =>
      void (await audit.put({ _id: `${Math.random()}:${entries++}`, ...entry } as { _id: string })),
  })
}

const safe = () => storesOf({ left: Number.POSITIVE_INFINITY })

/** Does it, killed before its write number 0, 1, 2, …, and then again unharmed; until nothing is left to be killed at. */
async function atEveryStep(
  externalIds: string,
  prepare: (externalId: string) => Promise<string>,
  deed: (externalId: string, id: string, stores: NodeStores) => Promise<unknown>,
  check: (externalId: string, id: string) => Promise<void>,
): Promise<void> {
  for (let writes = 0; writes < 20; writes++) {
    const externalId = `${externalIds}${String(writes).padStart(2, '0')}`
    const id = await prepare(externalId)
    const life = { left: writes }
    const cut = await deed(externalId, id, storesOf(life)).then(
      () => false,
      (error: unknown) => {
        if (!(error instanceof Crash)) throw error
        return true
      },
    )
    if (cut) await deed(externalId, id, safe())
    await check(externalId, id)
    if (!cut) {
      expect(writes).toBeGreaterThan(1)
      return
    }
  }
  throw new Error('there is no end of steps')
}

const claimOf = (externalId: string, machine = '') => `claim of ${externalId}${machine}`.padEnd(43, 'x')

async function asked(externalId: string, machine = ''): Promise<string> {
  const request = { externalId, name: 'Puskesmas', claimHash: hashOfClaim(claimOf(externalId, machine)) }
  const stores = safe()
  const { registration } = await requestRegistration(request, '0'.repeat(32), { ...stores, waiting: async () => [] })
  return registration.id
}

async function accepted(externalId: string): Promise<string> {
  const id = await asked(externalId)
  await acceptRegistration(id, 'operator', safe())
  return id
}

async function look(id: string, claim: string): Promise<RegistrationAnswer | undefined> {
  const registration = await claimedRegistration(id, claim, safe())
  return (
    registration &&
    answerRegistration(registration, safe(), async (node) => ({
      version: node.configurationVersion,
      hubId: 'hub',
      sync: { url: 'http://x', filter: 'own/own', mrnFloor: 0 },
      dataAccess: { status: node.dataAccess.status },
    }))
  )
}

async function rolesWith(externalId: string, password = ''): Promise<string[] | number> {
  const response = await fetch(`${store.address.url}/_session`, {
    headers: { authorization: basic(`node-${externalId}`, password) },
  })
  if (response.status !== 200) return response.status
  return ((await response.json()) as { userCtx: { roles: string[] } }).userCtx.roles
}

const nodeOf = async (externalId: string) => (await safe().nodes.get(`node-${externalId}`)) as Record<string, unknown>
const isIn = (externalId: string) => expect.arrayContaining([`facility:${externalId}`, 'node'])

test('accepting a registration', () =>
  atEveryStep(
    'A',
    (externalId) => asked(externalId),
    (_, id, stores) => acceptRegistration(id, 'operator', stores),
    async (externalId, id) => {
      const answer = await look(id, claimOf(externalId))
      expect(answer?.status).toBe('accepted')
      expect(await rolesWith(externalId, answer?.credentials?.syncPassword)).toEqual(isIn(externalId))
    },
  ))

test('accepting a new machine of a node that was reopened', () =>
  atEveryStep(
    'B',
    async (externalId) => {
      const old = await accepted(externalId)
      const answer = await look(old, claimOf(externalId))
      await safe().secrets.syncPasswordUsed(
        `node-${externalId}`,
        answer?.credentials?.syncPassword ?? '',
        async () => undefined,
      )
      await reopenNode(`node-${externalId}`, 'operator', safe())
      return asked(externalId, 'new')
    },
    (_, id, stores) => acceptRegistration(id, 'operator', stores),
    async (externalId, id) => {
      const answer = await look(id, claimOf(externalId, 'new'))
      expect(answer?.status).toBe('accepted')
      expect(await rolesWith(externalId, answer?.credentials?.syncPassword)).toEqual(isIn(externalId))
      const old = await look(await asked(externalId), claimOf(externalId))
      expect(old).toMatchObject({ status: 'rejected' })
      expect(old?.credentials).toBeUndefined()
    },
  ))

test('an acceptance that was cut off can not be rejected, only finished; nor is its node reopened', async () => {
  const id = await asked('C1')
  await expect(acceptRegistration(id, 'operator', storesOf({ left: 2 }))).rejects.toThrow(Crash)
  await expect(rejectRegistration(id, 'x', 'operator', safe())).rejects.toMatchObject({ code: 'REGISTRATION_DECIDED' })
  await expect(reopenNode('node-C1', 'operator', safe())).rejects.toMatchObject({ code: 'NODE_UNKNOWN' })
  expect((await look(id, claimOf('C1')))?.status).toBe('pending')
  await acceptRegistration(id, 'operator', safe())
  expect((await look(id, claimOf('C1')))?.credentials).toBeDefined()
})

test('an acceptance that was cut off gives way where one that clashes was accepted meanwhile', async () => {
  const [short, long] = [await asked('C2'), await asked('C21')]
  await acceptRegistration(long, 'operator', safe())
  // As if it had been written before the other was: past its own first look.
  await safe().nodes.put({ ...(await nodeOf('C21')), ...nodeFields('C2', short) })
  await expect(acceptRegistration(short, 'operator', safe())).rejects.toMatchObject({ code: 'EXTERNAL_ID_TAKEN' })
  expect(await nodeOf('C2')).toBeUndefined()
  expect((await look(short, claimOf('C2')))?.status).toBe('pending')
})

test('suspending', () =>
  atEveryStep(
    'D',
    accepted,
    (externalId, _, stores) => suspendNode(`node-${externalId}`, 'stolen', 'operator', stores),
    async (externalId, id) => {
      expect(await nodeOf(externalId)).toMatchObject({ state: 'suspended' })
      expect(await rolesWith(externalId, (await look(id, claimOf(externalId)))?.credentials?.syncPassword)).toEqual([])
    },
  ))

test('resuming', () =>
  atEveryStep(
    'E',
    async (externalId) => {
      const id = await accepted(externalId)
      await suspendNode(`node-${externalId}`, 'stolen', 'operator', safe())
      return id
    },
    (externalId, _, stores) => resumeNode(`node-${externalId}`, 'operator', stores),
    async (externalId, id) => {
      expect(await nodeOf(externalId)).toMatchObject({ state: 'active' })
      const password = (await look(id, claimOf(externalId)))?.credentials?.syncPassword
      expect(await rolesWith(externalId, password)).toEqual(isIn(externalId))
    },
  ))

test('rotating: what is handed over works, whatever was cut off', () =>
  atEveryStep(
    'F',
    async (externalId) => {
      const id = await accepted(externalId)
      const before = (await look(id, claimOf(externalId)))?.credentials?.syncPassword ?? ''
      await safe().secrets.syncPasswordUsed(`node-${externalId}`, before, async () => undefined)
      return id
    },
    async (externalId, id, stores) => {
      await rotateSecrets(`node-${externalId}`, 0, 'operator', stores).finally(async () => {
        const password = (await look(id, claimOf(externalId)))?.credentials?.syncPassword
        if (password) expect(await rolesWith(externalId, password)).toEqual(isIn(externalId))
      })
    },
    async (externalId, id) => {
      expect((await look(id, claimOf(externalId)))?.credentials).toBeDefined()
    },
  ))

const DAY_MS = 24 * 3_600_000

/** Accepted, with a sync password in use. */
async function inUse(externalId: string): Promise<string> {
  const id = await accepted(externalId)
  const password = (await look(id, claimOf(externalId)))?.credentials?.syncPassword ?? ''
  await arrive(externalId, password, safe())
  return password
}

/** As at a gate: the password is held against the hashes, and CouchDB is asked about it. */
async function arrive(externalId: string, password: string, { nodes, secrets, settle }: NodeStores): Promise<void> {
  const authenticate = nodeAuthenticator({
    nodeOf: (nodeName) => readNode(nodes, nodeName),
    secrets,
    settle,
    isCouchPassword: async (_nodeName, word) => (await rolesWith(externalId, word)) !== 401,
    seen: () => undefined,
  })
  await authenticate(`node-${externalId}`, password)
}

test('rotating with an overlap: the old password works throughout', () =>
  atEveryStep(
    'K',
    inUse,
    async (externalId, old, stores) => {
      await rotateSecrets(`node-${externalId}`, DAY_MS, 'operator', stores).finally(() =>
        arrive(externalId, old, safe()),
      )
    },
    async (externalId) => expect(await safe().secrets.nextSyncPassword(`node-${externalId}`)).toBeDefined(),
  ))

test('the first use of a new password: cut off anywhere, it works when it comes again', () => {
  const fresh = new Map<string, string>()
  return atEveryStep(
    'L',
    async (externalId) => {
      const old = await inUse(externalId)
      await rotateSecrets(`node-${externalId}`, DAY_MS, 'operator', safe())
      fresh.set(externalId, (await safe().secrets.nextSyncPassword(`node-${externalId}`)) ?? '')
      return old
    },
    (externalId, _, stores) => arrive(externalId, fresh.get(externalId) ?? '', stores),
    async (externalId, old) => {
      expect(await rolesWith(externalId, fresh.get(externalId))).toEqual(isIn(externalId))
      await expect(arrive(externalId, old, safe())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    },
  )
})

test('the end of an overlap: cut off anywhere, the new password works', () => {
  const fresh = new Map<string, string>()
  return atEveryStep(
    'M',
    async (externalId) => {
      const old = await inUse(externalId)
      await rotateSecrets(`node-${externalId}`, 1, 'operator', safe())
      fresh.set(externalId, (await look(await asked(externalId), claimOf(externalId)))?.credentials?.syncPassword ?? '')
      return old
    },
    async (_externalId, _old, stores) => endOverlaps(stores),
    async (externalId, old) => {
      await arrive(externalId, fresh.get(externalId) ?? '', safe())
      expect(await rolesWith(externalId, fresh.get(externalId))).toEqual(isIn(externalId))
      await expect(arrive(externalId, old, safe())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    },
  )
})

test('granting data access', () =>
  atEveryStep(
    'G',
    async (externalId) => {
      const id = await accepted(externalId)
      await requestDataAccess(`node-${externalId}`, undefined, safe())
      return id
    },
    (externalId, _, stores) => acceptDataAccess(`node-${externalId}`, {}, 'operator', stores),
    async (externalId) => {
      expect(await nodeOf(externalId)).toMatchObject({ dataAccess: { status: 'accepted' } })
      expect(await safe().secrets.nodePasswordToHandOver(`node-${externalId}`)).toBeDefined()
    },
  ))

test('taking data access away', () =>
  atEveryStep(
    'H',
    async (externalId) => {
      const id = await accepted(externalId)
      await requestDataAccess(`node-${externalId}`, undefined, safe())
      await acceptDataAccess(`node-${externalId}`, {}, 'operator', safe())
      return id
    },
    (externalId, _, stores) => rejectDataAccess(`node-${externalId}`, 'No contract.', 'operator', stores),
    async (externalId) => {
      expect(await nodeOf(externalId)).toMatchObject({ dataAccess: { status: 'rejected' } })
      expect(await safe().secrets.nodePasswords(`node-${externalId}`)).toEqual([])
    },
  ))

test('nothing is decided where the audit can not be written', async () => {
  const id = await asked('I1')
  await expect(acceptRegistration(id, 'operator', storesOf({ left: 0 }))).rejects.toThrow(Crash)
  expect(await nodeOf('I1')).toBeUndefined()
})

function nodeFields(externalId: string, registrationId: string) {
  const nodeName = `node-${externalId}`
  return { _id: nodeName, _rev: undefined as never, nodeName, externalId, registrationId }
}
