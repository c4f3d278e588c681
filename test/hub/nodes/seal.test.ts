import { keyBytesOf, sealerOf, UnsealError } from '../../../hub/nodes/seal'
import { Secret } from '../../../runtime/settings'

const KEY = new Secret(Buffer.alloc(32, 1).toString('base64url'))
const owner = { nodeName: 'node-101', kind: 'sync-password' } as const
const sealed = sealerOf(KEY).seal('the password', owner)

test.each([
  ['for another node', () => sealerOf(KEY).open(sealed, { ...owner, nodeName: 'node-102' })],
  ['for another use', () => sealerOf(KEY).open(sealed, { ...owner, kind: 'node-password' })],
  ['under another key', () => sealerOf(new Secret('ab'.repeat(32))).open(sealed, owner)],
  ['of another version', () => sealerOf(KEY).open(sealed.replace('v1', 'v2'), owner)],
  ['with a part cut off', () => sealerOf(KEY).open(sealed.slice(0, 30), owner)],
  ['that is empty', () => sealerOf(KEY).open('', owner)],
])('does not open a seal %s', (_what, open) => {
  expect(open).toThrow(UnsealError)
})

test('does not open a seal of which any character was changed', () => {
  for (let index = 0; index < sealed.length; index++) {
    const changed = `${sealed.slice(0, index)}${sealed[index] === 'A' ? 'B' : 'A'}${sealed.slice(index + 1)}`
    // The last characters of base64url may hold bits that stand for nothing.
    if (
      Buffer.from(changed.split('.')[2] ?? '', 'base64url').equals(Buffer.from(sealed.split('.')[2] ?? '', 'base64url'))
    )
      continue
    expect(() => sealerOf(KEY).open(changed, owner)).toThrow(UnsealError)
  }
})

test('opens what it sealed, never twice the same text, and names the key but not the secret', () => {
  expect(sealerOf(KEY).open(sealed, owner)).toBe('the password')
  expect(sealerOf(KEY).seal('the password', owner)).not.toBe(sealed)
  expect(sealed).toMatch(/^v1\.[0-9a-f]{8}\.[A-Za-z0-9_-]+$/)
  expect(sealed).not.toContain(Buffer.from('the password').toString('base64url'))
})

test.each([
  ['', undefined],
  ['x'.repeat(42), undefined],
  ['x'.repeat(44), undefined],
  ['g'.repeat(64), undefined],
  ['ab'.repeat(32), 32],
  ['A'.repeat(43), 32],
])('%p is a key of %p bytes', (text, bytes) => {
  expect(keyBytesOf(text)?.length).toBe(bytes)
})
