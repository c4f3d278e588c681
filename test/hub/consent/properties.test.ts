import fc from 'fast-check'
import { type Directive, readConsent } from '../../../hub/consent/consent-rule'
import { judgeItem } from '../../../hub/consent/judge-item'
import { judgeRecord } from '../../../hub/consent/judge-record'
import type { RecordItem } from '../../../hub/consent/record-item'
import '../../support/arbitraries'
import {
  codes,
  consent,
  directives,
  facility,
  HIV_TEST,
  item,
  labels,
  MRN,
  NOW,
  organization,
  purposes,
  reading,
  types,
} from './consents'

const conditions = fc.record(
  {
    actor: fc.constantFrom([facility('102')], [facility('103')], [organization('101.x')], []),
    class: fc.constantFrom(types('Observation'), types('Condition'), [{}]),
    purpose: fc.constantFrom(purposes('TREAT'), purposes('ETREAT'), [{ code: 'TREAT' }]),
    code: fc.constantFrom(codes(HIV_TEST), [{ text: 'HIV' }]),
    securityLabel: fc.constantFrom(labels('N'), labels('R'), labels('V')),
    dataPeriod: fc.constantFrom({ start: '2026' }, { end: '2020' }, {}),
    period: fc.constantFrom({ start: '2026' }, { end: '2020' }, { start: 'x' }),
  },
  { requiredKeys: [] },
)
const said = fc.constantFrom({}, { type: 'permit' }, { type: 'deny' })
const provisions = (within: fc.Arbitrary<object[]>): fc.Arbitrary<object> =>
  fc
    .tuple(conditions, said, within)
    .map(([narrow, type, inner]) => ({ ...narrow, ...type, ...(inner.length > 0 && { provision: inner }) }))
const inner = fc.array(provisions(fc.constant([])), { maxLength: 2 })
const provision = provisions(fc.array(provisions(inner), { maxLength: 2 }))
const consents = fc.array(
  fc
    .tuple(provision, fc.constantFrom('2020', '2024-05', '2026-01-01T00:00:00Z'))
    .map(([one, dateTime]) => consent(one, { dateTime })),
  { maxLength: 4 },
)
const items: fc.Arbitrary<RecordItem> = fc
  .record({
    resourceType: fc.constantFrom('Observation', 'Condition', 'Consent'),
    id: fc.constantFrom('a', 'b', 'c').map((local) => `${MRN}.${local}`),
    code: fc.constantFrom({ coding: [HIV_TEST] }, {}),
    meta: fc.constantFrom({}, { security: labels('R') }, { security: labels('V') }),
    effectiveDateTime: fc.constantFrom('2026-03-01', '2019', undefined),
  })
  .map(item)
const policy = fc.constantFrom('permit-unless-refused' as const, 'refuse-unless-permitted' as const)
const asks = fc.record({
  externalId: fc.constantFrom('102', '104'),
  purpose: fc.constantFrom('TREAT' as const, 'ETREAT' as const, 'HPAYMT' as const),
})
const patient = item({ resourceType: 'Patient', id: MRN })

test('the order in which Consents were stored decides nothing', () => {
  fc.assert(
    fc.property(consents, items, asks, policy, (all, what, who, base) => {
      const forward = judgeItem(what, directives(...all), reading(who), base)
      expect(judgeItem(what, directives(...all.toReversed()), reading(who), base)).toEqual(forward)
    }),
  )
})

test('the strict policy releases nothing that the open one keeps back', () => {
  fc.assert(
    fc.property(consents, items, asks, (all, what, who) => {
      const [open, strict] = (['permit-unless-refused', 'refuse-unless-permitted'] as const).map(
        (base) => judgeItem(what, directives(...all), reading(who), base).released,
      )
      expect(open || !strict).toBe(true)
    }),
  )
})

test('a further refusal releases nothing', () => {
  fc.assert(
    fc.property(consents, items, asks, policy, conditions, (all, what, who, base, narrow) => {
      const before = judgeItem(what, directives(...all), reading(who), base)
      const refused = [...all, consent({ ...narrow, type: 'deny' }, { dateTime: '2020' })]
      if (!before.released) expect(judgeItem(what, directives(...refused), reading(who), base).released).toBe(false)
    }),
  )
})

test('a further permit keeps nothing back', () => {
  fc.assert(
    fc.property(consents, items, asks, policy, conditions, (all, what, who, base, narrow) => {
      const before = judgeItem(what, directives(...all), reading(who), base)
      const permitted = [...all, consent({ ...narrow, type: 'permit' }, { dateTime: '2026-01-01T00:00:00Z' })]
      if (before.released) expect(judgeItem(what, directives(...permitted), reading(who), base).released).toBe(true)
    }),
  )
})

test('what nobody can resolve never releases: unclear actors as permits count for nothing', () => {
  fc.assert(
    fc.property(consents, items, asks, policy, conditions, (all, what, who, base, narrow) => {
      const unclear = consent({ ...narrow, type: 'permit', actor: [organization('101.nobody')] })
      expect(judgeItem(what, directives(...all, unclear), reading(who), base)).toEqual(
        judgeItem(what, directives(...all), reading(who), base),
      )
    }),
  )
})

test('the newest Consent that refuses everything to everybody and names this facility leaves nothing', () => {
  fc.assert(
    fc.property(fc.array(items, { maxLength: 4 }), asks, policy, (what, who, base) => {
      const refusal = consent({ type: 'deny', actor: [facility(who.externalId)] })
      const verdict = judgeRecord(
        [patient, ...what],
        directives(refusal, consent({ type: 'permit' })),
        reading(who),
        base,
      )
      expect(verdict).toEqual({ kind: 'refused' })
    }),
  )
})

test('nothing that is stored as a Consent makes it throw, and what can not be read permits nothing', () => {
  const counts = { status: 'active', scope: { coding: [{ code: 'patient-privacy' }] } }
  const words = fc.constantFrom('type', 'provision', 'actor', 'reference', 'coding', 'class', 'code', 'period', 'data')
  const anything = fc.object({
    key: words,
    maxDepth: 6,
    values: [fc.string(), fc.constantFrom('deny', null, 1, [], {})],
  })
  fc.assert(
    fc.property(anything, anything, items, (resource, other, what) => {
      const found = readConsent(
        { ...resource, ...counts, provision: other },
        '2026-01-01T00:00:00.000Z',
        NOW,
      ) as Directive
      const { released, by } = judgeItem(what, [found], reading(), 'refuse-unless-permitted')
      expect([released, by].join()).not.toBe('true,policy')
      expect(released && !JSON.stringify(other).includes('permit')).toBe(false)
    }),
    { numRuns: 500 },
  )
})
