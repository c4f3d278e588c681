import { keyPairOf, leadsTo, type PublishedKeys, signKeyLink } from '../../protocol/receipt-key'

const hubId = 'hub-1'
const [first, second, third, stranger] = [1, 2, 3, 4].map((byte) => keyPairOf(Buffer.alloc(32, byte))) as [
  ReturnType<typeof keyPairOf>,
  ReturnType<typeof keyPairOf>,
  ReturnType<typeof keyPairOf>,
  ReturnType<typeof keyPairOf>,
]
const at = '2026-11-22T07:41:03.120Z'
const link = (old: typeof first, next: typeof first, of = hubId) =>
  signKeyLink({ hubId: of, replacedBy: next.publicKey, at }, old)
const chain = [link(first, second), link(second, third)]
const published: PublishedKeys = { hubId, publicKey: third.publicKey, earlier: chain }
const trusts = (key: typeof first, change: Partial<PublishedKeys> = {}) =>
  leadsTo({ hubId, publicKey: key.publicKey }, { ...published, ...change })

test.each([
  ['a key that nobody trusted has signed for', () => trusts(stranger)],
  ['a key without a link to it', () => trusts(first, { earlier: [] })],
  [
    'a key whose link a stranger has signed',
    () => trusts(first, { earlier: [{ ...link(stranger, third), publicKey: first.publicKey }] }),
  ],
  [
    'a link that names another successor than was signed',
    () =>
      trusts(first, {
        publicKey: stranger.publicKey,
        earlier: [{ ...link(first, second), replacedBy: stranger.publicKey }],
      }),
  ],
  [
    'a link of another time',
    () =>
      trusts(first, {
        publicKey: second.publicKey,
        earlier: [{ ...link(first, second), at: '2027-01-01T00:00:00.000Z' }],
      }),
  ],
  ['a chain with a gap', () => trusts(first, { earlier: [link(second, third)] })],
  ['a chain that ends before the key', () => trusts(first, { earlier: [link(first, second)] })],
  ['a chain of another hub', () => trusts(first, { earlier: [link(first, third, 'hub-2')] })],
  ['a hub of another id', () => trusts(third, { hubId: 'hub-2' })],
  [
    'the way back',
    () => leadsTo({ hubId, publicKey: third.publicKey }, { hubId, publicKey: first.publicKey, earlier: chain }),
  ],
])('does not follow %s', (_what, follow) => {
  expect(follow()).toBe(false)
})

test('follows from any key of the chain to the one that the hub has now', () => {
  expect([first, second, third].map((key) => trusts(key))).toEqual([true, true, true])
  expect(leadsTo({ hubId, publicKey: first.publicKey }, { hubId, publicKey: first.publicKey })).toBe(true)
})

test('a key pair comes of its seed (RFC 8032, section 7.1, test 1)', () => {
  const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')
  const publicKey = Buffer.from(keyPairOf(seed).publicKey, 'base64url').toString('hex')
  expect(publicKey).toBe('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')
})
