import { hkdfSync } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Couch, connect } from '../../../hub/couch/connect'
import { setUpCouch } from '../../../hub/couch/set-up'
import { openHubKeys, type SecretKeys } from '../../../hub/keys/open-keys'
import { rekey } from '../../../hub/keys/rekey'
import { resealed } from '../../../hub/keys/reseal'
import { databaseOf } from '../../../hub/nodes/couch-nodes'
import type { Database, DatabaseDocument } from '../../../hub/nodes/database'
import { NodeSecrets } from '../../../hub/nodes/node-secrets'
import { SECRET_KINDS, type Sealer, sealedByOf, sealerOf } from '../../../hub/nodes/seal'
import { keyPairOf, leadsTo } from '../../../protocol/receipt-key'
import { createLog } from '../../../runtime/log'
import { Secret } from '../../../runtime/settings'
import { startCouch, type TestCouch } from '../../support/couch'

const [first, second, third] = ['01', '02', '03'].map((byte) => new Secret(byte.repeat(32))) as [Secret, Secret, Secret]
const before = sealerOf(first)
const changing = sealerOf(second, first)
const after = sealerOf(second)
const hubId = 'd2b3c7f0-0000-4000-8000-000000000000'
const now = () => new Date()
const warned: string[] = []
const log = { info: () => undefined, warn: (text: unknown) => void warned.push(String(text)) }

let store: TestCouch
let couch: Couch
let nodeSecurity: Database

beforeEach(async () => {
  warned.length = 0
  store = await startCouch()
  couch = connect(store.address)
  await setUpCouch(couch, { log: createLog('hub', 'silent'), signal: AbortSignal.timeout(60_000) })
  nodeSecurity = databaseOf(couch.database('node_security'))
})
afterEach(async () => {
  await couch.stop()
  await store.stop()
})

const start = (keys: SecretKeys) =>
  openHubKeys(keys, { nodeSecurity, sealer: sealerOf(keys.secretKey, keys.previousSecretKey), log })
const documents = async () => (await nodeSecurity.range('', '\uffff')) as DatabaseDocument[]
const sealersIn = async () => new Set((await documents()).flatMap((document) => sealsIn(document).map(sealedByOf)))

function sealsIn(value: unknown): string[] {
  if (typeof value === 'string') return sealedByOf(value) === undefined ? [] : [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(sealsIn) : []
}

/** A few nodes in every state that secrets can be in, an operator's second factor, and what nobody has thought of yet. */
async function fill(sealer: Sealer): Promise<void> {
  const secrets = new NodeSecrets(nodeSecurity, sealer)
  for (const nodeName of ['node-101', 'node-102', 'node-103']) {
    await secrets.issueFor(nodeName, `registration-of-${nodeName}`)
    await secrets.issueNodePassword(nodeName)
  }
  await secrets.rotateWithOverlap('node-102', new Date(Date.now() + 3_600_000))
  const totp = sealer.seal('JBSWY3DPEHPK3PXP', { nodeName: 'operator:ida', kind: 'totp' })
  const later = sealer.seal('later', { nodeName: 'later', kind: 'check' })
  await nodeSecurity.put({ _id: 'operator:ida', kind: 'operator', totp: { sealed: totp } } as DatabaseDocument)
  await nodeSecurity.put({ _id: 'later', deep: [{ inside: [later] }], text: 'v1.not a seal' } as DatabaseDocument)
}

const secretsUnder = async (sealer: Sealer) => {
  const secrets = new NodeSecrets(nodeSecurity, sealer)
  const names = ['node-101', 'node-102', 'node-103']
  return Promise.all(
    names.map(async (name) => [
      await secrets.syncPasswordFor(name, `registration-of-${name}`),
      await secrets.nodePasswords(name),
    ]),
  )
}

describe('a start with a wrong HUB_SECRET_KEY', () => {
  test('is refused in words that say what to do, with and without secrets in the database', async () => {
    await start({ secretKey: first })
    await expect(start({ secretKey: second })).rejects.toThrow(
      /HUB_SECRET_KEY is not the one .* HUB_SECRET_KEY_PREVIOUS/,
    )
    await expect(start({ secretKey: second, previousSecretKey: third })).rejects.toThrow('is not the one')
    await fill(before)
    await expect(start({ secretKey: second })).rejects.toThrow('is not the one')
    await expect(start({ secretKey: first })).resolves.toBeDefined()
    expect(JSON.stringify(await documents())).not.toContain(first.reveal())
  })

  test('is refused in a database from before there was a check value, and the right one keeps the key of its receipts', async () => {
    await fill(before)
    await expect(start({ secretKey: second })).rejects.toThrow('is not the one')
    expect(await nodeSecurity.get('keys')).toBeUndefined()
    const { publicKey } = await (await start({ secretKey: first })).forVerifying()
    // HKDF-SHA256 of the key with `lontar receipt v1`, as edges have trusted it from their first receipt on.
    expect(publicKey).toBe(keyPairOf(derivedBefore(first)).publicKey)
  })

  test('gateways that start at the same moment have one key, and one that was given another is refused', async () => {
    const [one, two, three] = await Promise.allSettled([
      start({ secretKey: first }),
      start({ secretKey: first }),
      start({ secretKey: third }),
    ])
    const started = [one, two, three].flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    const keys = await Promise.all(started.map(async (hub) => (await hub.forVerifying()).publicKey))
    expect(new Set(keys).size).toBe(1)
    expect(started.length).toBe(one.status === 'fulfilled' ? 2 : 1)
  })

  test('is taken where the operator says that the key before is lost; then its secrets are named until they are made anew', async () => {
    await start({ secretKey: first })
    await fill(before)
    const lost = { secretKey: second, isPreviousKeyLost: true } as const
    const [one, two] = await Promise.all([start(lost), start(lost)])
    expect((await one.forVerifying()).publicKey).toBe((await two.forVerifying()).publicKey)
    expect(await rekey({ nodeSecurity, sealer: after, hubId, now })).toMatchObject({
      finished: false,
      unreadable: ['later', 'node-101', 'node-102', 'node-103', 'operator:ida'],
    })
    const secrets = new NodeSecrets(nodeSecurity, after)
    await secrets.rotate('node-102')
    expect(await secrets.nodePasswords('node-102')).toHaveLength(1)
    expect((await rekey({ nodeSecurity, sealer: after, hubId, now })).unreadable).not.toContain('node-102')
    await expect(start({ secretKey: first })).rejects.toThrow('is not the one')
  })

  test('says that a new key waits for `lontar hub rekey`', async () => {
    await start({ secretKey: first })
    await start({ secretKey: second, previousSecretKey: first })
    expect(warned).toEqual([expect.stringContaining('lontar hub rekey')])
  })
})

describe('rekeying', () => {
  beforeEach(async () => {
    await start({ secretKey: first })
    await fill(before)
  })

  test('brings every secret under the new key, which then needs the old one no more', async () => {
    const known = await secretsUnder(before)
    expect(known.flat(2)).toHaveLength(7)
    expect(await rekey({ nodeSecurity, sealer: changing, hubId, now })).toEqual({
      finished: true,
      documents: 5,
      resealed: 12,
      unreadable: [],
    })
    expect(await sealersIn()).toEqual(new Set([after.keyId]))
    expect(await secretsUnder(after)).toEqual(known)
    await expect(start({ secretKey: second })).resolves.toBeDefined()
    await expect(start({ secretKey: first })).rejects.toThrow('is not the one')
    expect(await rekey({ nodeSecurity, sealer: after, hubId, now })).toMatchObject({ finished: true, resealed: 0 })
  })

  test('gives receipts a new key for which the old one has signed, once', async () => {
    const running = await start({ secretKey: second, previousSecretKey: first })
    const old = await (await start({ secretKey: first })).forVerifying()
    await rekey({ nodeSecurity, sealer: changing, hubId, now })
    await rekey({ nodeSecurity, sealer: changing, hubId, now })
    const fresh = await (await start({ secretKey: second })).forVerifying()
    expect(fresh.publicKey).not.toBe(old.publicKey)
    expect(fresh.earlier).toHaveLength(1)
    expect(leadsTo({ hubId, publicKey: old.publicKey }, { hubId, ...fresh })).toBe(true)
    // A gateway that was running all the time; its pass is taken by the others and theirs by it.
    expect((await running.forVerifying()).publicKey).toBe(fresh.publicKey)
    expect((await running.forVerifying()).pass).toContainEqual(old.pass[0])
  })

  test('goes on where it was cut off, at whichever write, and nothing is unreadable in between', async () => {
    const known = await secretsUnder(before)
    for (let writes = 0; ; writes++) {
      let left = writes
      const mortal = {
        ...nodeSecurity,
        put: (document: DatabaseDocument) => (left-- > 0 ? nodeSecurity.put(document) : crash()),
      }
      const ended = await rekey({ nodeSecurity: mortal, sealer: changing, hubId, now }).then(
        () => true,
        (error: Error) => {
          expect(error.message).toBe('killed')
          return false
        },
      )
      expect(await secretsUnder(changing)).toEqual(known)
      await expect(start({ secretKey: second, previousSecretKey: first })).resolves.toBeDefined()
      if (ended) break
      // From the beginning again: the next round is cut off one write later.
      expect(writes).toBeLessThan(10)
    }
    expect(await sealersIn()).toEqual(new Set([after.keyId]))
    expect((await (await start({ secretKey: second })).forVerifying()).earlier).toHaveLength(1)
  })

  test('goes on beside gateways that change the same documents', async () => {
    const gateway = new NodeSecrets(nodeSecurity, changing)
    const names = ['node-101', 'node-102', 'node-103']
    let isOver = false
    const busy = Promise.all(
      names.map(async (name) => {
        for (let round = 0; round < 5 || !isOver; round++) await gateway.rotate(name)
      }),
    )
    const result = await rekey({ nodeSecurity, sealer: changing, hubId, now }).finally(() => {
      isOver = true
    })
    await busy
    expect(result).toMatchObject({ finished: true, unreadable: [] })
    expect(await sealersIn()).toEqual(new Set([after.keyId]))
    expect((await secretsUnder(after)).flat(2).every((secret) => secret?.length === 43)).toBe(true)
  })

  test('does not say that it is finished while a gateway still seals with the old key', async () => {
    const old = new NodeSecrets(nodeSecurity, before)
    const watched = {
      ...nodeSecurity,
      range: async (from: string, to: string) => {
        await old.rotate('node-101')
        return nodeSecurity.range(from, to)
      },
    }
    await expect(rekey({ nodeSecurity: watched, sealer: changing, hubId, now })).rejects.toMatchObject({
      code: 'OVERLOADED',
    })
    await expect(start({ secretKey: second, previousSecretKey: first })).resolves.toBeDefined()
    expect(warned.at(-1)).toContain('lontar hub rekey')
  })

  test('names what neither key opens, and is not finished', async () => {
    const foreign = sealerOf(third).seal('x', { nodeName: 'node-104', kind: 'sync-password' })
    await nodeSecurity.put({ _id: 'node-104', kind: 'credentials', syncPasswordSealed: foreign } as DatabaseDocument)
    const moved = before.seal('x', { nodeName: 'node-101', kind: 'sync-password' })
    await nodeSecurity.put({ _id: 'node-105', kind: 'credentials', syncPasswordSealed: moved } as DatabaseDocument)
    const result = await rekey({ nodeSecurity, sealer: changing, hubId, now })
    expect(result).toMatchObject({ finished: false, unreadable: ['node-104', 'node-105'] })
    await expect(start({ secretKey: second })).rejects.toThrow('is not the one')
  })
})

test('every field that a schema calls sealed is found, whatever kind its document is of', () => {
  const folder = resolve(__dirname, '../../../schemas/documents')
  const found = readdirSync(folder).flatMap((file) => {
    const schema = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Node
    const document = { _id: 'x', ...(filled(schema) as object) }
    const seals = sealsIn(document).length
    if (seals > 0) expect(resealed(document, changing)).toMatchObject({ resealed: seals, unreadable: 0 })
    return seals > 0 ? [[file, seals]] : []
  })
  expect(found.length).toBeGreaterThanOrEqual(3)
  expect(Object.fromEntries(found)).toMatchObject({ 'credentials-document.json': 4, 'keys-document.json': 2 })
})

interface Node {
  readonly $ref?: string
  readonly allOf?: readonly Node[]
  readonly properties?: Readonly<Record<string, Node>>
  readonly items?: Node
}

let filledFields = 0

/** A document with a seal wherever the schema has one, each of another kind. */
function filled(schema: Node): unknown {
  if ([schema, ...(schema.allOf ?? [])].some(({ $ref }) => $ref?.endsWith('#/definitions/Sealed'))) {
    const kind = SECRET_KINDS[filledFields++ % SECRET_KINDS.length] ?? 'check'
    return before.seal('x', { nodeName: 'x', kind })
  }
  if (schema.items) return [filled(schema.items)]
  if (!schema.properties) return undefined
  return Object.fromEntries(
    Object.entries(schema.properties).flatMap(([name, part]) => {
      const value = filled(part)
      return value === undefined || name === '_id' ? [] : [[name, value]]
    }),
  )
}

function crash(): Promise<never> {
  return Promise.reject(new Error('killed'))
}

function derivedBefore(secretKey: Secret): Buffer {
  return Buffer.from(hkdfSync('sha256', Buffer.from(secretKey.reveal(), 'hex'), '', 'lontar receipt v1', 32))
}
