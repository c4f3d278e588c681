import type { ConsentPolicy } from '../../../hub/consent/judge-item'
import { judgeRecord } from '../../../hub/consent/judge-record'
import { consent, directives, facility, item, labels, MRN, reading, types } from './consents'

const patient = item({ resourceType: 'Patient', id: MRN })
const vip = item({ resourceType: 'Patient', id: MRN, meta: { security: labels('V') } })
const observation = item({ resourceType: 'Observation', id: `${MRN}.o` })
const condition = item({ resourceType: 'Condition', id: `${MRN}.k` })
const secret = item({ resourceType: 'Condition', id: `${MRN}.s`, meta: { security: labels('R') } })
const said = item({ resourceType: 'Consent', id: `${MRN}.c` })
const ALL = [patient, observation, condition, said]

const OPEN: ConsentPolicy = 'permit-unless-refused'
const STRICT: ConsentPolicy = 'refuse-unless-permitted'
const none: string[] = []

test.each([
  ['nothing is said, and the policy is open', ALL, OPEN, [], none],
  ['nothing is said, and the policy is strict', ALL, STRICT, [], 'refused'],
  ['everything is refused', ALL, OPEN, [{ type: 'deny' }], 'refused'],
  ['everything is refused to another facility', ALL, OPEN, [{ type: 'deny', actor: [facility('103')] }], none],
  ['the Patient is refused', ALL, OPEN, [{ type: 'deny', class: types('Patient') }], 'refused'],
  [
    'the Patient is refused, and more permitted',
    ALL,
    OPEN,
    [
      { type: 'deny', class: types('Patient') },
      { type: 'permit', actor: [facility('102')], class: types('Observation') },
    ],
    'refused',
  ],
  ['the Patient is labelled', [vip, observation], OPEN, [], 'refused'],
  [
    'the Patient is labelled, and the reader named',
    [vip, observation],
    OPEN,
    [{ type: 'permit', actor: [facility('102')] }],
    none,
  ],
  [
    'a type is refused, and with it the Consents that tell it',
    ALL,
    OPEN,
    [{ type: 'deny', class: types('Condition') }],
    [`Condition/${MRN}.k`, `Consent/${MRN}.c`],
  ],
  [
    'a resource is labelled, and so the Consents stay too',
    [...ALL, secret],
    OPEN,
    [],
    [`Condition/${MRN}.s`, `Consent/${MRN}.c`],
  ],
  [
    'a type is permitted, and the Patient goes along',
    ALL,
    STRICT,
    [{ type: 'permit', class: types('Observation') }],
    [`Condition/${MRN}.k`, `Consent/${MRN}.c`],
  ],
  [
    'a type is permitted in a refusal, and the Patient goes along',
    ALL,
    OPEN,
    [{ type: 'deny', provision: [{ type: 'permit', class: types('Observation') }] }],
    [`Condition/${MRN}.k`, `Consent/${MRN}.c`],
  ],
  [
    'a type is permitted of which there is nothing',
    [patient, condition],
    STRICT,
    [{ type: 'permit', class: types('Observation') }],
    'refused',
  ],
  ['everything is permitted', ALL, STRICT, [{ type: 'permit' }], none],
  [
    'everything is permitted, but what is labelled',
    [...ALL, secret],
    STRICT,
    [{ type: 'permit' }],
    [`Condition/${MRN}.s`, `Consent/${MRN}.c`],
  ],
  ['only the Patient is there', [patient], OPEN, [], none],
] as const)('%s', (_what, items, policy, provisions, expected) => {
  const verdict = judgeRecord(items, directives(...provisions.map((one) => consent(one))), reading(), policy)
  expect(verdict.kind === 'refused' ? 'refused' : [...verdict.withheld].sort()).toEqual(
    expected === 'refused' ? expected : [...expected].sort(),
  )
})

describe('Consents that somebody wrote to keep the hub busy', () => {
  const observations = Array.from({ length: 1_000 }, (_, index) =>
    item({ resourceType: 'Observation', id: `${MRN}.${index}` }),
  )
  const OBSERVATIONS = { type: 'deny', class: types('Observation') }
  const many = <T>(length: number, one: T): T[] => Array.from({ length }, () => one)
  test.each([
    ['as many rules as one may have', [{ type: 'permit', provision: many(300, OBSERVATIONS) }], 'released'],
    ['many Consents', many(3_000, OBSERVATIONS), 'refused'],
    ['a rule with many values', [{ ...OBSERVATIONS, actor: many(20_000, facility('103')) }], 'refused'],
  ])('are judged in a moment, and keep back: %s', (_what, provisions, kind) => {
    const said = directives(...provisions.map((provision) => consent(provision)))
    const before = process.cpuUsage()
    const verdict = judgeRecord([patient, ...observations], said, reading(), OPEN)
    // Of this process alone: the machine may have other work.
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000)
    expect(verdict.kind).toBe(kind)
    if (verdict.kind === 'released') expect(verdict.withheld.size).toBe(observations.length)
  })
})
