import { coveredAmong, coveredBy, IN_TURN, type KeptDeletions } from '../../../edge/verify/covered-deletions'

const deletions = Array.from({ length: 1_000 }, (_, at) => ({ id: `101:Location:${1_000 + at}`, seq: at + 1 }))
const kept = (change: Partial<KeptDeletions> = {}): KeptDeletions => ({
  upTo: 1_000,
  without: [],
  lookedAt: '',
  ...change,
})
const namedOf = (covered: ReadonlySet<string>) => deletions.filter(({ id }) => !covered.has(id)).map(({ id }) => id)
const NOBODY = new Set<string>()

test('before the first receipt all are named', () => {
  expect(coveredAmong(deletions, undefined, NOBODY).covered.size).toBe(0)
})

test('what the hub has not signed for is named: later ones, those that were left out, and those that were sent again', () => {
  const left = '101:Location:1400'
  const sent = '101:Location:1500'
  const named = namedOf(coveredAmong(deletions, kept({ upTo: 900, without: [left] }), new Set([sent])).covered)
  expect(named).toEqual(expect.arrayContaining([left, sent, ...deletions.slice(900).map(({ id }) => id)]))
  expect(named).toHaveLength(IN_TURN + 100 + 2)
})

test('each is looked at again in its turn, whatever else comes and goes', () => {
  const seen = new Set<string>()
  let lookedAt = ''
  for (let run = 0; run < Math.ceil(deletions.length / IN_TURN); run++) {
    const turn = coveredAmong(deletions, kept({ lookedAt }), NOBODY)
    for (const id of namedOf(turn.covered)) seen.add(id)
    expect(namedOf(turn.covered).length).toBeLessThanOrEqual(IN_TURN)
    lookedAt = turn.lookedAt
  }
  expect(seen.size).toBe(deletions.length)
  expect(namedOf(coveredAmong(deletions, kept({ lookedAt }), NOBODY).covered)[0]).toBe(deletions[0]?.id)
})

test('of what was left out only deletions are remembered, and too many of them mean that all are named again', () => {
  const ids = new Set(deletions.map(({ id }) => id))
  const some = new Set(['101:Location:1003', '101:Location:9999'])
  expect(coveredBy({ upTo: 7 }, ids, some, 'x')).toEqual({ upTo: 7, without: ['101:Location:1003'], lookedAt: 'x' })
  const many = new Set(Array.from({ length: 1_001 }, (_, at) => `101:Observation:${at}`))
  expect(coveredBy({ upTo: 7 }, many, many, '')).toBeUndefined()
})
