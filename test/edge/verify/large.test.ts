import type { RecordDocument } from '../../../schemas/generated/types'
import { Random } from '../../../scripts/made-up/random'
import { type RunningHub, startHub } from '../../support/hub'
import { location } from '../../support/records'
import { Pair } from './pair'

/** The whole of it takes some minutes: VERIFY_DOCUMENTS=100000. */
const DOCUMENTS = Number(process.env['VERIFY_DOCUMENTS'] ?? 20_000)
/** One in so many is deleted. */
const DELETED = Number(process.env['VERIFY_DELETED'] ?? 500)
const BYTES_FOR_100_000 = 20_000
/** The first time each deletion is named: more than 1,200 are more than these. */
const BYTES_FOR_NAMES = 12 * Math.max(0, DOCUMENTS / DELETED - 1_200)
const SEED = 20_261_123
/** Crockford's base32, as in a ULID. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

let hub: RunningHub
let pair: Pair
let bytesWithout = 0

beforeAll(async () => {
  hub = await startHub()
  pair = await Pair.of(hub, '101')
}, 60_000)
afterAll(async () => {
  await pair?.remove()
  await hub?.remove()
})

test('a facility of 100,000 documents without a difference costs less than 20 kB, headers included', async () => {
  const random = new Random(SEED)
  const local = () => `01J9ZK3V5N${Array.from({ length: 16 }, () => LETTERS[random.whole(0, 31)]).join('')}`
  const startedMs = performance.now()
  await pair.write(
    Array.from({ length: DOCUMENTS }, (_, number) => {
      const document = location('101', local())
      const tombstone = { _id: document._id, _deleted: true }
      return number % DELETED === 0 ? (tombstone as unknown as RecordDocument) : document
    }),
  )
  const writtenMs = performance.now()
  pair.proxy.reset()
  const { result, receipt } = await pair.verify()
  const verifiedMs = performance.now()
  const { bytes, requests, elapsedMs } = pair.proxy.traffic()
  process.stderr.write(
    `${DOCUMENTS} documents, one in ${DELETED} deleted: written in ${seconds(writtenMs - startedMs)}, verified in ` +
      `${seconds(verifiedMs - writtenMs)} (${seconds(elapsedMs)} of them at the hub), ${bytes} bytes, ${requests} requests\n`,
  )
  expect(result).toMatchObject({ outcome: 'agrees', documents: DOCUMENTS, rounds: 1 })
  expect(receipt?.count).toBe(DOCUMENTS)
  bytesWithout = bytes
  expect(((bytes - BYTES_FOR_NAMES) * 100_000) / DOCUMENTS).toBeLessThan(BYTES_FOR_100_000)
}, 600_000)

test('a second time costs no more than a few hundred names, however many were deleted', async () => {
  pair.proxy.reset()
  const { result } = await pair.verify()
  const { bytes, requests } = pair.proxy.traffic()
  process.stderr.write(`the same again: ${bytes} bytes, ${requests} requests\n`)
  expect(result).toMatchObject({ outcome: 'agrees', rounds: 1 })
  expect((bytes * 100_000) / DOCUMENTS).toBeLessThan(BYTES_FOR_100_000)
}, 600_000)

test('one document that the hub has lost costs a second pass and a few lists', async () => {
  await pair.write([location('101', '01J9ZK3V5NLOST')], { hub: false })
  pair.proxy.reset()
  const { result } = await pair.verify()
  const { bytes, requests } = pair.proxy.traffic()
  process.stderr.write(`one of them lost: ${bytes} bytes, ${requests} requests\n`)
  expect(result).toMatchObject({ outcome: 'agrees', rounds: 2, sentAgain: { count: 1 } })
  expect(bytes).toBeLessThan(2 * bytesWithout + 12_000)
}, 600_000)

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
