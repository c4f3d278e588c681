import { join } from 'node:path'
import { type KeptToken, MOST_TOKENS, Tokens } from '../../../edge/people/tokens'
import { EdgeState } from '../../../edge/store/state'
import { temporaryFolder } from '../../support/processes'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let state: EdgeState
let clock = Date.parse('2026-11-22T07:00:00.000Z')
beforeAll(async () => {
  folder = await temporaryFolder()
  state = await EdgeState.open(join(folder.path, 'tokens'))
})
afterAll(async () => {
  await state.stop()
  await folder.remove()
})

const open = () => {
  let count = 0
  const newId = () => `01J9ZK3V5N8Q2W4E6R8T0Y${String(count++).padStart(4, '0')}`
  const now = () => {
    clock += 1_000
    return new Date(clock)
  }
  return Tokens.open(state.part<KeptToken>('tokens'), newId, now)
}

test('a token that is revoked makes room for another, and lets nobody in again', async () => {
  const tokens = await open()
  const made = []
  for (let count = 0; count < MOST_TOKENS; count++)
    made.push(await tokens.make({ name: `Lab ${count}`, role: 'clinician' }, 'siti'))
  const one = () => tokens.make({ name: 'Apotek', role: 'clinician' }, 'siti')
  await expect(one()).rejects.toMatchObject({ code: 'TOO_MANY_PEOPLE' })

  const [, first, second] = made
  await tokens.revoke(second?.id ?? '')
  await tokens.revoke(first?.id ?? '')
  const pharmacy = await one()
  expect(tokens.of(pharmacy.token)).toMatchObject({ name: 'Apotek' })
  // The one that was revoked first is forgotten, also on the disk.
  for (const known of [tokens, await open()]) {
    const ids = known.all().map(({ id }) => id)
    expect(ids).toHaveLength(MOST_TOKENS)
    expect(ids).toContain(first?.id)
    expect(ids).not.toContain(second?.id)
    for (const gone of [first, second]) expect(known.of(gone?.token ?? '')).toBeUndefined()
  }
  await one()
  await expect(one()).rejects.toMatchObject({ code: 'TOO_MANY_PEOPLE' })
})
