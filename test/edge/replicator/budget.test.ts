import { type Allowance, allowance, LEAST_BYTES, limitsOf } from '../../../edge/replicator/budget'
import type { Lane } from '../../../edge/replicator/lane'
import type { Budget } from '../../../schemas/generated/types'

const at = (hour: number, minute = 0, day = 15) => new Date(2026, 0, day, hour, minute)
const MB = 1_000_000
const go = (bytes: number): Allowance => ({ kind: 'go', bytes })
const wait = (until: Date, cause: 'hours' | 'day'): Allowance => ({ kind: 'wait', untilMs: until.getTime(), cause })
const FREE = go(Number.POSITIVE_INFINITY)

describe('R25: the data budget', () => {
  test.each<[string, Budget[], Date, number, Lane, Allowance]>([
    ['waits for its hours', [{ hours: '22-06' }], at(21, 10), 0, 'history', wait(at(22), 'hours')],
    ['waits for tomorrow’s hours', [{ hours: '08-12' }], at(12), 0, 'history', wait(at(8, 0, 16), 'hours')],
    ['waits until midnight when the day is used', [{ megabytesPerDay: 1 }], at(9), MB, 'history', wait(at(24), 'day')],
    [
      'waits rather than send a few bytes',
      [{ megabytesPerDay: 1 }],
      at(9),
      MB - LEAST_BYTES + 1,
      'history',
      wait(at(24), 'day'),
    ],
    ['waits where more than the day was used', [{ megabytesPerDay: 1 }], at(9), 9 * MB, 'history', wait(at(24), 'day')],
    [
      'waits for the hours first',
      [{ hours: '22-06', megabytesPerDay: 1 }],
      at(9),
      MB,
      'history',
      wait(at(22), 'hours'),
    ],
    [
      'limits the urgent lane where it says so, by hours',
      [{ hours: '22-06', urgent: 'limited' }],
      at(9),
      0,
      'urgent',
      wait(at(22), 'hours'),
    ],
    [
      'limits the urgent lane where it says so, by megabytes',
      [{ megabytesPerDay: 1, urgent: 'limited' }],
      at(9),
      MB,
      'urgent',
      wait(at(24), 'day'),
    ],
    [
      'of two the stricter megabytes count',
      [{ megabytesPerDay: 2 }, { megabytesPerDay: 1 }],
      at(9),
      MB,
      'history',
      wait(at(24), 'day'),
    ],
    ['of two both hours count', [{ hours: '20-06' }, { hours: '22-08' }], at(21), 0, 'history', wait(at(22), 'hours')],
    [
      'of two one can limit the urgent lane',
      [{ urgent: 'limited' }, { hours: '22-06', urgent: 'exempt' }],
      at(9),
      0,
      'urgent',
      wait(at(22), 'hours'),
    ],
    [
      'with hours that never meet looks again after a day',
      [{ hours: '08-10' }, { hours: '20-22' }],
      at(9),
      0,
      'history',
      wait(at(9 + 26), 'hours'),
    ],

    ['that says nothing lets everything go', [], at(9), 9 * MB, 'history', FREE],
    ['that is empty lets everything go', [{}, {}], at(9), 9 * MB, 'history', FREE],
    ['lets the urgent lane go at any hour', [{ hours: '22-06' }], at(9), 0, 'urgent', FREE],
    ['lets the urgent lane go beyond the day', [{ megabytesPerDay: 1 }], at(9), 9 * MB, 'urgent', FREE],
    ['lets go in its hours', [{ hours: '08-12' }], at(8), 0, 'history', FREE],
    ['lets go to the last minute', [{ hours: '08-12' }], at(11, 59), 0, 'history', FREE],
    ['lets go before midnight, in hours over it', [{ hours: '22-06' }], at(23), 0, 'history', FREE],
    ['lets go after midnight, in hours over it', [{ hours: '22-06' }], at(5, 59), 0, 'history', FREE],
    ['takes the same hour twice for the whole day', [{ hours: '07-07' }], at(3), 0, 'history', FREE],
    ['takes 00-24 for the whole day', [{ hours: '00-24' }], at(0), 0, 'history', FREE],
    ['takes 24 for midnight', [{ hours: '22-24' }], at(23, 59), 0, 'history', FREE],
    ['lets go what is left of the day', [{ megabytesPerDay: 1 }], at(9), MB / 2, 'history', go(MB / 2)],
  ])('%s', (_what, budgets, now, usedToday, lane, expected) => {
    expect(allowance(limitsOf(budgets), { now, usedToday, lane })).toEqual(expected)
  })

  test('R26: of two the slower speed counts', () => {
    expect(limitsOf([{ kilobitsPerSecond: 64 }, { kilobitsPerSecond: 16 }]).bytesPerSecond).toBe(2_000)
    expect(limitsOf([{}]).bytesPerSecond).toBe(Number.POSITIVE_INFINITY)
  })

  test('whatever the hours, a wait ends in them, and within a day and a bit', () => {
    for (let from = 0; from < 24; from++) {
      for (let to = 0; to <= 24; to++) {
        const limits = limitsOf([{ hours: `${String(from).padStart(2, '0')}-${String(to).padStart(2, '0')}` }])
        for (let hour = 0; hour < 24; hour++) {
          const now = at(hour, 30)
          const answer = allowance(limits, { now, usedToday: 0, lane: 'history' })
          if (answer.kind === 'go') continue
          expect(answer.untilMs - now.getTime()).toBeLessThanOrEqual(24 * 3_600_000)
          const then = allowance(limits, { now: new Date(answer.untilMs), usedToday: 0, lane: 'history' })
          expect(then.kind).toBe('go')
        }
      }
    }
  })
})
