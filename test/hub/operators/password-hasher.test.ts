import { AT_ONCE, MOST_WAITING, PARAMETERS, PasswordHasher } from '../../../hub/operators/password-hasher'
import { CodedError } from '../../../protocol/error-codes'
import { isOperatorDocument } from '../../../schemas/generated/validators'

/** Quick ones: what is tested is not how slow it is. */
const QUICK = { cost: 2 ** 10, blockSize: 8, parallelization: 1 }
const PASSWORD = 'empat kuda di pantai'

test('what is kept is scrypt with its parameters, its salt and no password, and fits into an account', async () => {
  const hash = await new PasswordHasher().hash(PASSWORD)
  expect(hash).toMatchObject({ algorithm: 'scrypt', cost: 32_768, blockSize: 8, parallelization: 3 })
  // OWASP: at least 2^15, 8, 3, or what is equal to it.
  expect(PARAMETERS.cost * PARAMETERS.parallelization).toBeGreaterThanOrEqual(2 ** 15 * 3)
  expect(JSON.stringify(hash)).not.toContain('kuda')
  const at = '2026-11-22T07:41:03.120Z'
  const account = { _id: 'operator:siti', kind: 'operator', name: 'siti', role: 'viewer', stamp: 'x'.repeat(22) }
  const document = { ...account, password: hash, passwordChangedAt: at, createdAt: at, createdBy: 'operator' }
  expect(isOperatorDocument(document)).toBe(true)
})

test.each([
  ['another password', 'lima kuda di pantai', false],
  ['one with other capitals', 'Empat kuda di pantai', false],
  ['one with a space behind', `${PASSWORD} `, false],
  ['none', '', false],
  ['itself', PASSWORD, true],
])('%s: %s', async (_what, tried, isRight) => {
  const hasher = new PasswordHasher(QUICK)
  expect(await hasher.isRight(tried, await hasher.hash(PASSWORD))).toBe(isRight)
})

test('two hashes of one password have nothing in common', async () => {
  const hasher = new PasswordHasher(QUICK)
  const [a, b] = [await hasher.hash(PASSWORD), await hasher.hash(PASSWORD)]
  expect(a.salt).not.toBe(b.salt)
  expect(a.hash).not.toBe(b.hash)
})

test('a letter is the same however it was typed', async () => {
  const hasher = new PasswordHasher(QUICK)
  expect(await hasher.isRight('kuda-kudaan é', await hasher.hash('kuda-kudaan é'))).toBe(true)
})

test('without an account every password is wrong', async () => {
  expect(await new PasswordHasher(QUICK).isRight(PASSWORD, undefined)).toBe(false)
})

test('a hash of other parameters is still right, and known to be outdated', async () => {
  const old = await new PasswordHasher(QUICK).hash(PASSWORD)
  const now = new PasswordHasher({ ...QUICK, cost: 2 ** 11 })
  expect(await now.isRight(PASSWORD, old)).toBe(true)
  expect([now.isOutdated(old), now.isOutdated(await now.hash(PASSWORD))]).toEqual([true, false])
})

test('guessing takes so many at once and so many that wait, and the next is refused until there is room', async () => {
  const hasher = new PasswordHasher(QUICK)
  const known = await hasher.hash(PASSWORD)
  const all = Array.from({ length: AT_ONCE + MOST_WAITING }, () => hasher.isRight('wrong', known))
  const refused = await hasher.isRight(PASSWORD, known).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(CodedError)
  expect(refused).toMatchObject({ code: 'OVERLOADED', headers: { 'Retry-After': expect.stringMatching(/^\d+$/) } })
  expect(await Promise.all(all)).toEqual(all.map(() => false))
  expect(await hasher.isRight(PASSWORD, known)).toBe(true)
})
