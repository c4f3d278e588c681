import { checkpointOf, commonSequence, isContested, movedTo } from '../../../edge/replicator/checkpoint'

const at = (...history: [string, number][]) => ({
  session_id: history[0]?.[0] ?? '',
  source_last_seq: history[0]?.[1] ?? 0,
  history: history.map(([session_id, recorded_seq]) => ({ session_id, recorded_seq })),
})

describe('R3: where both ends go on', () => {
  test.each([
    ['neither has a checkpoint', undefined, undefined, 0],
    ['the hub has none: it was restored from before our time, or is another hub', at(['s1', 700]), undefined, 0],
    ['the edge has none: it was restored, or is a new machine', undefined, at(['s1', 700]), 0],
    ['both agree', at(['s1', 700]), at(['s1', 700]), 700],
    ['the hub was restored from a backup', at(['s9', 700], ['s8', 500]), at(['s9', 620], ['s8', 500]), 620],
    ['the hub was restored from an older backup', at(['s9', 700], ['s8', 500]), at(['s8', 400]), 400],
    ['the edge was restored from a backup', at(['s8', 500]), at(['s9', 700], ['s8', 510]), 500],
    ['another machine pushed as this node in between', at(['s2', 300]), at(['other', 900]), 0],
  ])('%s', (_case, edge, hub, expected) => {
    expect(commonSequence(edge, hub)).toBe(expected)
  })

  test('moving keeps earlier sessions, and a bounded number of them', () => {
    let checkpoint = movedTo(undefined, 's0', 1)
    for (let session = 1; session <= 80; session++) checkpoint = movedTo(checkpoint, `s${session}`, session)
    checkpoint = movedTo(checkpoint, 's80', 99)
    expect(checkpoint.history).toHaveLength(50)
    expect(checkpoint.history[0]).toEqual({ session_id: 's80', recorded_seq: 99 })
    expect(checkpoint.history[1]).toEqual({ session_id: 's79', recorded_seq: 79 })
  })

  test.each([[undefined], [null], ['text'], [{}], [{ history: 'no' }], [{ history: [{ session_id: 1 }] }]])(
    'takes %j for no checkpoint',
    (body) => {
      expect(checkpointOf(body)).toBeUndefined()
    },
  )
})

describe('R18: whether another machine pushes in our name', () => {
  test.each([
    ['the hub has nothing', undefined, false],
    ['we wrote last', at(['s9', 7], ['s8', 5]), false],
    ['we have not written yet', at(['s8', 5]), false],
    ['the hub was restored from before this session', at(['s8', 5], ['s7', 3]), false],
    ['the hub was restored from the middle of this session', at(['s9', 2], ['s8', 5]), false],
    ['another session wrote after ours', at(['other', 8], ['s9', 7], ['s8', 5]), true],
    ['the machine that we are a copy of wrote after us', at(['s8', 9], ['s9', 7]), true],
  ])('%s', (_case, hub, expected) => {
    expect(isContested(hub, 's9')).toBe(expected)
  })
})
