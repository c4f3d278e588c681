import { generateKeyPairSync } from 'node:crypto'
import { isSigned, type ReceiptContent, signReceipt } from '../../protocol/receipt'

const CONTENT: ReceiptContent = {
  externalId: '101',
  hubId: 'hub',
  nonce: 'A'.repeat(22),
  count: 41_207,
  digest: 'B'.repeat(22),
  upTo: 52_011,
  startedAt: '2026-11-22T07:41:00.000Z',
  at: '2026-11-22T07:41:03.120Z',
}
const key = generateKeyPairSync('ed25519').privateKey
const publicKey = key.export({ format: 'jwk' }).x ?? ''

test('a signed receipt is known by the public key alone', () => {
  expect(isSigned(signReceipt(CONTENT, key), publicKey)).toBe(true)
})

test.each(Object.keys(CONTENT) as (keyof ReceiptContent)[])('a receipt whose %s was changed is forged', (name) => {
  const value = CONTENT[name]
  const changed = { ...signReceipt(CONTENT, key), [name]: typeof value === 'number' ? value + 1 : `${value}X` }
  expect(isSigned(changed, publicKey)).toBe(false)
})

test('another key signs nothing for this hub', () => {
  expect(isSigned(signReceipt(CONTENT, generateKeyPairSync('ed25519').privateKey), publicKey)).toBe(false)
})
