import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { localInstant } from '../../../../edge/web/visit/local-instant'

/** Monday, 23 November, early in the morning in Indonesia; in UTC still the Sunday of the week before. */
const EARLY_MONDAY = '2026-11-22T22:41:03.120Z'

function visitIn(zone: string, ...args: string[]) {
  const script = join(__dirname, 'visit-in-zone.ts')
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', script, ...args], {
    env: { ...process.env, TZ: zone },
    encoding: 'utf8',
  })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}

test.each([
  ['Asia/Jakarta', '2026-11-23T05:41:03+07:00'],
  ['Asia/Jayapura', '2026-11-23T07:41:03+09:00'],
])(
  'a visit of an early Monday in %s is written with its day and offset, and counts in its week',
  (zone, written) => {
    expect(visitIn(zone, EARLY_MONDAY)).toEqual({
      start: written,
      times: [written],
      count: 8,
      week: '2026-W48',
      today: '2026-11-23',
      monthOld: '2026-10',
    })
  },
  60_000,
)

test('a draft that was begun in UTC ends in the time of the place, too', () => {
  const { start, times } = visitIn('Asia/Jayapura', EARLY_MONDAY, '2026-11-22T22:30:00.000Z')
  expect(start).toBe('2026-11-23T07:30:00+09:00')
  expect(times.every((time: string) => time.endsWith('+09:00'))).toBe(true)
}, 60_000)

test.each([
  [-420, '2026-11-23T05:41:03+07:00'],
  [0, '2026-11-22T22:41:03+00:00'],
  [210, '2026-11-22T19:11:03-03:30'],
  [-345, '2026-11-23T04:26:03+05:45'],
])('with %i minutes to UTC it is %s', (minutes, written) => {
  const at = new Date(EARLY_MONDAY)
  at.getTimezoneOffset = () => minutes
  expect(localInstant(at)).toBe(written)
  expect(Date.parse(written)).toBe(Math.floor(at.getTime() / 1_000) * 1_000)
})
