import { type AuthenticateParts, nodeAuthenticator } from '../../../hub/nodes/authenticate-node'
import { basicOf, bearerOf } from '../../../hub/nodes/basic-auth'
import { ShortCache } from '../../../hub/nodes/short-cache'
import { hashOfSecret } from '../../../runtime/same-secret'
import type { NodeDocument } from '../../../schemas/generated/types'

const RIGHT = 'r'.repeat(43)
const WRONG = 'w'.repeat(43)
const node: NodeDocument = {
  _id: 'node-101',
  kind: 'node',
  nodeName: 'node-101',
  externalId: '101',
  name: 'RSUD',
  registrationId: 'a'.repeat(26),
  state: 'active',
  acceptedAt: '2026-11-22T07:41:03.120Z',
  configurationVersion: 1,
  dataAccess: { status: 'none' },
}

function parts(changes: Partial<AuthenticateParts> = {}) {
  const asked = { couch: 0, hash: 0, settled: 0 }
  const used = new Set<string>()
  const all: AuthenticateParts = {
    nodeOf: async (name) => (name === 'node-101' ? node : undefined),
    secrets: {
      async syncPasswordHashes(name) {
        asked.hash++
        return name === 'node-101' ? [hashOfSecret(RIGHT)] : []
      },
      async syncPasswordUsed(_name, password, confirm) {
        if (used.has(password)) return true
        await confirm(false)
        used.add(password)
        return true
      },
    },
    async isCouchPassword() {
      asked.couch++
      return true
    },
    async settle() {
      asked.settled++
    },
    seen: () => undefined,
    ...changes,
  }
  return { asked, all }
}

test.each([
  ['a wrong password', 'node-101', WRONG],
  ['a node that is not there', 'node-102', RIGHT],
  ["a CouchDB user that is no node's", 'admin', RIGHT],
  ['a password of another form', 'node-101', 'short'],
  ['no password', 'node-101', ''],
])('refuses %s without asking CouchDB', async (_what, name, password) => {
  const { asked, all } = parts()
  await expect(nodeAuthenticator(all)(name, password)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  expect(asked.couch).toBe(0)
})

test('a name that nobody has costs the reads of a wrong password, one after the other, the first time and again', async () => {
  const costs: Record<string, string[]> = {}
  for (const name of ['node-101', 'node-999']) {
    const cost: string[] = []
    // Each read is over before the next one begins, or beside it: how many there are in a row is the time that it takes.
    const underWay: (() => void)[] = []
    const read = () => {
      cost.push(underWay.length === 0 ? 'a read' : 'beside it')
      return new Promise<void>((resolve) => underWay.push(resolve))
    }
    const { all } = parts()
    const authenticate = nodeAuthenticator({
      ...all,
      nodeOf: async (of) => {
        await read()
        return all.nodeOf(of)
      },
      secrets: {
        ...all.secrets,
        syncPasswordHashes: async (of) => {
          await read()
          return all.secrets.syncPasswordHashes(of)
        },
      },
    })
    for (const _time of ['first', 'again']) {
      let isOver = false
      const refused = expect(authenticate(name, WRONG)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
      refused.finally(() => (isOver = true)).catch(() => {})
      // Whatever begins beside a read has begun when all that is ready has run; then those that are under way are over.
      while (!isOver) {
        await new Promise((resolve) => setImmediate(resolve))
        for (const finish of underWay.splice(0)) finish()
      }
      await refused
      cost.push('refused')
    }
    costs[name] = cost
  }
  expect(costs['node-999']).toEqual(['a read', 'beside it', 'refused', 'a read', 'beside it', 'refused'])
  expect(costs['node-101']).toEqual(costs['node-999'])
})

test('knows a suspended node, and does not note it as seen', async () => {
  const seen: string[] = []
  const { all } = parts({
    nodeOf: async () => ({ ...node, state: 'suspended', suspendedReason: 'Stolen.' }),
    seen: (name) => seen.push(name),
  })
  expect(await nodeAuthenticator(all)('node-101', RIGHT)).toMatchObject({ state: 'suspended' })
  expect(seen).toEqual([])
})

test('costs CouchDB one question, however often a node asks', async () => {
  const { asked, all } = parts({ nowMs: () => 0 })
  const authenticate = nodeAuthenticator(all)
  for (let request = 0; request < 50; request++) expect(await authenticate('node-101', RIGHT)).toBe(node)
  expect(asked).toEqual({ couch: 1, hash: 1, settled: 0 })
})

test('tells CouchDB a password that a crash kept from it; where that fails, the password is not counted as used', async () => {
  let knows = false
  const told = parts({
    isCouchPassword: async () => knows,
    settle: async () => {
      knows = true
    },
  })
  await expect(nodeAuthenticator(told.all)('node-101', RIGHT)).resolves.toBe(node)
  const deaf = parts({ isCouchPassword: async () => false })
  const authenticate = nodeAuthenticator(deaf.all)
  for (const _attempt of [1, 2]) {
    await expect(authenticate('node-101', RIGHT)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
  }
  expect(deaf.asked.settled).toBe(2)
})

test('a password that is over by now is refused without asking CouchDB, whatever was remembered of it', async () => {
  const { asked, all } = parts()
  const over = { ...all, secrets: { ...all.secrets, syncPasswordUsed: async () => false } }
  await expect(nodeAuthenticator(over)('node-101', RIGHT)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  expect(asked.couch).toBe(0)
})

test('remembers what it read for three seconds, shares one read, and remembers neither absence nor failure', async () => {
  let nowMs = 0
  let reads = 0
  let answer: () => Promise<string | undefined> = async () => 'a'
  const cache = new ShortCache(
    () => {
      reads++
      return answer()
    },
    () => nowMs,
  )
  await Promise.all([cache.get('x'), cache.get('x'), cache.get('x')])
  nowMs = 2_999
  await cache.get('x')
  expect([reads, await cache.known('x')]).toEqual([1, 'a'])
  nowMs = 3_000
  expect(await cache.known('x')).toBeUndefined()
  answer = async () => undefined
  await cache.get('x')
  await cache.get('x')
  expect(reads).toBe(3)
  answer = async () => {
    throw new Error('no database')
  }
  await expect(Promise.all([cache.get('x'), cache.get('x')])).rejects.toThrow('no database')
  answer = async () => 'b'
  expect(await cache.get('x')).toBe('b')
})

test.each([
  [undefined, undefined],
  ['Bearer abc', undefined],
  ['Basic !!!', undefined],
  [`Basic ${Buffer.from('no colon').toString('base64')}`, undefined],
  [`Basic ${Buffer.from('a:b:c').toString('base64')}`, { name: 'a', password: 'b:c' }],
  [`basic ${Buffer.from(':').toString('base64')}`, { name: '', password: '' }],
])('the Basic credentials of %p are %p', (header, expected) => {
  expect(basicOf(header)).toEqual(expected)
})

test.each([
  [undefined, undefined],
  ['Basic abc', undefined],
  ['Bearer ', undefined],
  ['Bearer a b', undefined],
  [`Bearer ${'x'.repeat(5000)}`, undefined],
  ['bearer abc-_', 'abc-_'],
])('the Bearer token of %p is %p', (header, expected) => {
  expect(bearerOf(header)).toBe(expected)
})
