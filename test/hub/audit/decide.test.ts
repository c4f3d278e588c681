import type { AuditDatabase } from '../../../hub/audit/audit-database'
import { type NewAuditEntry, openAuditLog } from '../../../hub/audit/audit-log'
import { decide } from '../../../hub/audit/decide'
import { CodedError } from '../../../protocol/error-codes'
import type { AuditEntry } from '../../../schemas/generated/types'

const DECISION = { kind: 'node', action: 'rotate', node: 'node-101', operator: 'operator' } as const
const refused = new CodedError('NODE_UNKNOWN', 'No facility of this name was accepted.')
const broken = new Error('the disk is full')

/** An audit that takes so many entries and no more; what it says of its own chain is not counted. */
function auditOf(room: number) {
  const entries: AuditEntry[] = []
  const error = jest.fn()
  const database: AuditDatabase = {
    async write(batch) {
      const wanted = batch.filter(({ kind }) => kind !== 'chain')
      if (entries.length + wanted.length > room) throw broken
      entries.push(...wanted)
      return batch.map(() => 'written')
    },
    view: async () => [],
    chains: async () => new Map(),
    named: async () => new Map(),
    documents: async () => entries.length,
  }
  const { write } = openAuditLog(database, { log: { error, warn: jest.fn(), info: jest.fn() } })
  return { entries, error, write: async (entry: NewAuditEntry) => void (await write(entry)) }
}

test('law 6: what can not be written down is not done', async () => {
  const { write, error } = auditOf(0)
  const deed = jest.fn()
  await expect(decide(write, DECISION, deed)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', cause: broken })
  expect(deed).not.toHaveBeenCalled()
  expect(error).not.toHaveBeenCalled()
})

test('a deed that is refused has a second entry, with the code', async () => {
  const { write, entries } = auditOf(2)
  await expect(decide(write, DECISION, () => Promise.reject(refused))).rejects.toBe(refused)
  expect(entries).toMatchObject([{ outcome: 'allowed' }, { outcome: 'refused', code: 'NODE_UNKNOWN' }])
})

test('a second entry that can not be written hides nothing: the caller learns why it was refused, the log what is missing', async () => {
  const { write, error } = auditOf(1)
  await expect(decide(write, DECISION, () => Promise.reject(refused))).rejects.toBe(refused)
  expect(error.mock.calls).toEqual([
    [
      { err: expect.objectContaining({ cause: broken }), kind: 'node', action: 'rotate', code: 'NODE_UNKNOWN' },
      expect.stringContaining('audit'),
    ],
  ])
})
