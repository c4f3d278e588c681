import { pushDocuments } from '../../../hub/sync/bulk-docs'
import type { AskCouch } from '../../../hub/sync/couch-call'

/** A CouchDB that refuses a whole request for one document in it, as the real one does. */
function couchThatRefuses(status: number, isPoison: (doc: { _id: string }) => boolean) {
  const taken: string[] = []
  let requests = 0
  const ask: AskCouch = async (_method, _path, body) => {
    requests++
    const { docs } = body as { docs: { _id: string }[] }
    if (docs.some(isPoison)) return { status, body: { error: 'refused', reason: `because of ${docs[0]?._id}` } }
    taken.push(...docs.map((doc) => doc._id))
    return { status: 201, body: [] }
  }
  return { caller: { nodeName: 'node-101', externalId: '101', ask }, taken, requests: () => requests }
}

const documents = (count: number) => Array.from({ length: count }, (_, index) => ({ _id: `101:Location:l${index}` }))
const push = (caller: Parameters<typeof pushDocuments>[0], docs: { _id: string }[]) =>
  pushDocuments(caller, { new_edits: false, docs })

describe('law 4: a document for which CouchDB refuses the whole request', () => {
  test.each([400, 412, 413])(
    'is refused alone at %s, in CouchDB’s own form, and the others are taken',
    async (status) => {
      const poison = new Set(['101:Location:l0', '101:Location:l7', '101:Location:l8'])
      const couch = couchThatRefuses(status, (doc) => poison.has(doc._id))
      const answer = await push(couch.caller, documents(20))
      expect(answer.status).toBe(201)
      expect(answer.body).toEqual([...poison].map((id) => ({ id, error: 'forbidden', reason: expect.any(String) })))
      expect(answer.refusals.map(({ id }) => id)).toEqual([...poison])
      expect(answer.accepted).toHaveLength(17)
      expect([...couch.taken].sort()).toEqual([...answer.accepted].sort())
      expect(JSON.stringify(answer.body)).not.toContain('because of')
    },
  )

  test('costs a bounded number of requests, however many there are', async () => {
    const couch = couchThatRefuses(400, () => true)
    const answer = await push(couch.caller, documents(5_000))
    expect(answer).toMatchObject({ status: 400, refusals: [], accepted: [] })
    expect(couch.requests()).toBeLessThan(500)
  })
})

test.each([401, 403, 404, 409, 500])(
  '%s of the whole request is answered as it is, after one request',
  async (status) => {
    const couch = couchThatRefuses(status, () => true)
    expect(await push(couch.caller, documents(4))).toMatchObject({ status, refusals: [], accepted: [] })
    expect(couch.requests()).toBe(1)
  },
)

describe('law 3: 202 says that fewer copies were written than a cluster asks for', () => {
  const caller = (ask: AskCouch) => ({ nodeName: 'node-101', externalId: '101', ask })

  test('so nothing is acknowledged, and it is to be sent again', async () => {
    const pushed = push(
      caller(async () => ({ status: 202, body: [] })),
      documents(4),
    )
    await expect(pushed).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', status: 503 })
  })

  test('also where it is so for a part of a request that was divided', async () => {
    const statuses = [413, 202, 201]
    const pushed = push(
      caller(async () => ({ status: statuses.shift() ?? 201, body: [] })),
      documents(4),
    )
    await expect(pushed).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
  })
})
