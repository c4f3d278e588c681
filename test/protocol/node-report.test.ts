import fc from 'fast-check'
import { decodeReport, type EdgeReport, encodeReport, MOST_REPORT_BYTES } from '../../protocol/node-report'

const MOST = 999_999_999_999_999
const whole = fc.integer({ min: 0, max: MOST })
/** Four digits of a year, to the second. */
const moment = fc.integer({ min: 0, max: 253_402_300_799 }).map((seconds) => new Date(seconds * 1_000).toISOString())
const reports: fc.Arbitrary<EdgeReport> = fc.record(
  {
    version: fc.stringMatching(/^[0-9A-Za-z.+-]{1,40}$/),
    syncState: fc.stringMatching(/^[a-z][a-z-]{0,29}$/),
    backlogDocuments: whole,
    backlogBytes: whole,
    oldestUnsentAt: moment,
    refusedDocuments: whole,
    lastAcknowledgedAt: moment,
    bytesPerSecond: whole,
    bytesToday: whole,
    clockOffsetMs: fc.integer({ min: -MOST, max: MOST }),
    freeDiskBytes: whole,
    uptimeSeconds: whole,
  },
  {
    requiredKeys: [
      'version',
      'syncState',
      'backlogDocuments',
      'backlogBytes',
      'refusedDocuments',
      'bytesToday',
      'uptimeSeconds',
    ],
  },
)
const WHOLE = 'v="0.1.0", y=idle, d=0, b=0, r=0, t=0, u=1'

describe('the report of an edge', () => {
  test.each([
    ['nothing', ''],
    ['no dictionary', '{"d":1}'],
    ['half of it', 'v="0.1.0", y=idle, d=0'],
    ['a number that is text', WHOLE.replace('d=0', 'd="0"')],
    ['half a document', WHOLE.replace('d=0', 'd=0.5')],
    ['less than none', WHOLE.replace('r=0', 'r=-1')],
    ['a list for a number', WHOLE.replace('b=0', 'b=(0 1)')],
    ['text for a state', WHOLE.replace('y=idle', 'y="idle"')],
    ['a version that steers a terminal', WHOLE.replace('0.1.0', '0\\"<b>')],
    ['a part of a second for a moment', `${WHOLE}, o=1795420863.5`],
    ['a moment after all years', `${WHOLE}, o=999999999999999`],
    ['more than any report has', `${WHOLE}, z="${'x'.repeat(400)}"`],
  ])('is none where it is %s', (_what, header) => {
    expect(decodeReport(header)).toBeUndefined()
  })

  test('says the same after its way over the wire, in less than 400 bytes', () => {
    fc.assert(
      fc.property(reports, (report) => {
        const header = encodeReport(report)
        expect(header.length).toBeLessThan(MOST_REPORT_BYTES)
        expect(header).toMatch(/^[\x20-\x7e]+$/)
        expect(decodeReport(header)).toEqual(report)
      }),
    )
  })

  test('is whatever comes, or nothing: it never throws', () => {
    const alike = fc
      .array(fc.constantFrom(...'vydborastcfu=@,;"() -1?0:*'), { maxLength: 60 })
      .map((text) => text.join(''))
    fc.assert(
      fc.property(fc.oneof(fc.string(), alike), (header) => {
        const report = decodeReport(header)
        if (report) expect(decodeReport(encodeReport(report))).toEqual(report)
      }),
    )
  })

  test('keeps numbers within what the wire can say', () => {
    const report = decodeReport(
      encodeReport({
        ...(decodeReport(WHOLE) as EdgeReport),
        backlogBytes: 2 ** 60,
        clockOffsetMs: -(2 ** 60),
        bytesToday: -3,
      }),
    )
    expect(report).toMatchObject({ backlogBytes: MOST, clockOffsetMs: -MOST, bytesToday: 0 })
  })

  test('passes over what a newer edge says besides', () => {
    expect(decodeReport(`${WHOLE}, zz=?1`)).toEqual(decodeReport(WHOLE))
  })

  test('is as docs/protocol.md shows it', () => {
    const header =
      'v="0.1.0", y=pushing, d=42, b=118034, o=1795420863, r=1, a=1795424001, s=7800, t=5120332, c=-240, f=8123904000, u=86400'
    const report = decodeReport(header)
    expect(report).toMatchObject({
      backlogDocuments: 42,
      oldestUnsentAt: '2026-11-23T08:01:03.000Z',
      clockOffsetMs: -240,
    })
    expect(report && encodeReport(report)).toBe(header)
  })
})
