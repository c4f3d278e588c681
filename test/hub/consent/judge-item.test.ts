import type { ConsentPolicy } from '../../../hub/consent/judge-item'
import {
  codes,
  consent,
  facility,
  HIV_TEST,
  isReleased,
  item,
  LOINC,
  labels,
  MRN,
  OBSERVATION,
  organization,
  PATIENT,
  purposes,
  types,
} from './consents'

const STRICT: ConsentPolicy = 'refuse-unless-permitted'
const strictly = (...consents: unknown[]) => isReleased(consents, OBSERVATION, {}, STRICT)
const openly = (...consents: unknown[]) => isReleased(consents, OBSERVATION)

test('without a Consent the policy decides', () => {
  expect([openly(), strictly()]).toEqual([true, false])
})

describe('a period of dates, of which nobody knows where on earth they are meant', () => {
  const during = (type: 'permit' | 'deny', period: object, at: string) =>
    isReleased([consent({ type, period })], OBSERVATION, { at: new Date(at) }, type === 'permit' ? STRICT : undefined)

  test.each([
    ['before it has begun anywhere', '2026-11-09T09:59:59Z', false, true],
    ['when it has begun in the far east', '2026-11-09T10:00:00Z', false, false],
    ['before it has begun in the far west', '2026-11-10T11:59:59Z', false, false],
    ['when it has begun everywhere', '2026-11-10T12:00:00Z', true, false],
    ['before it has ended anywhere', '2026-11-20T09:59:59Z', true, false],
    ['when it has ended in the far east', '2026-11-20T10:00:00Z', false, false],
    ['before it has ended in the far west', '2026-11-21T11:59:59Z', false, false],
    ['when it has ended everywhere', '2026-11-21T12:00:00Z', false, true],
  ])('%s', (_when, at, permitted, notRefused) => {
    const period = { start: '2026-11-10', end: '2026-11-20' }
    expect([during('permit', period, at), during('deny', period, at)]).toEqual([permitted, notRefused])
  })

  test('with times it is what it says, for a permit of a day too', () => {
    const period = { start: '2026-11-22T08:00:00+07:00', end: '2026-11-22T18:00:00+07:00' }
    expect(during('permit', period, '2026-11-22T01:00:00Z')).toBe(true)
    expect(during('permit', period, '2026-11-22T00:59:59Z')).toBe(false)
  })

  test('what happened at a time is permitted where that is within it everywhere; what has a date, by the date', () => {
    const of = (effectiveDateTime: string) => {
      const observation = item({ resourceType: 'Observation', effectiveDateTime })
      const permit = consent({ type: 'permit', dataPeriod: { start: '2026-05-04', end: '2026-05-10' } })
      return isReleased([permit], observation, {}, STRICT)
    }
    expect([of('2026-05-04T10:00:00+07:00'), of('2026-05-04T20:00:00+07:00'), of('2026-05-04')]).toEqual([
      false,
      true,
      true,
    ])
  })
})

describe('a Consent that does not count', () => {
  test.each(['draft', 'proposed', 'rejected', 'inactive', 'entered-in-error', 'Active', undefined])(
    'its status is %s',
    (status) => {
      expect(openly(consent({ type: 'deny' }, { status }))).toBe(true)
      expect(strictly(consent({ type: 'permit' }, { status }))).toBe(false)
    },
  )

  test.each(['research', 'treatment', 'adr'])('its scope is %s', (code) => {
    expect(openly(consent({ type: 'deny' }, { scope: { coding: [{ code }] } }))).toBe(true)
  })
})

/**
 * Each condition in its three states: met, not met, and not to be told. A permit counts where it is met and nowhere else, a
 * refusal everywhere but where it is not met.
 */
const CONDITIONS: [what: string, condition: object, state: 'met' | 'not met' | 'unclear'][] = [
  ['no condition', {}, 'met'],
  ['this facility', { actor: [facility('102')] }, 'met'],
  ['this facility among others', { actor: [facility('103'), facility('102')] }, 'met'],
  ['this facility as a recipient', { actor: [{ ...facility('102'), role: { coding: [{ code: 'IRCP' }] } }] }, 'met'],
  ['another facility', { actor: [facility('103')] }, 'not met'],
  ['a facility whose ID begins this one', { actor: [facility('10')] }, 'not met'],
  [
    'this facility as the custodian',
    { actor: [{ ...facility('102'), role: { coding: [{ code: 'CST' }] } }] },
    'unclear',
  ],
  [
    'another facility and somebody unknown',
    { actor: [facility('103'), { reference: { display: 'Dr Sari' } }] },
    'unclear',
  ],
  ['a person', { actor: [{ reference: { reference: 'Practitioner/102.sari' } }] }, 'unclear'],
  ['an organization that nobody knows', { actor: [organization('102.main')] }, 'unclear'],
  [
    'an identifier of another system',
    { actor: [{ reference: { identifier: { system: 'urn:x', value: '102' } } }] },
    'unclear',
  ],
  ['an actor of no form', { actor: 'everybody' }, 'unclear'],
  ['an empty list of actors', { actor: [] }, 'unclear'],
  ['this purpose', { purpose: purposes('TREAT') }, 'met'],
  ['one of several purposes', { purpose: purposes('HPAYMT', 'TREAT') }, 'met'],
  ['any purpose', { purpose: purposes('PurposeOfUse') }, 'met'],
  ['another purpose', { purpose: purposes('HPAYMT') }, 'not met'],
  ['a narrower purpose', { purpose: purposes('ETREAT') }, 'not met'],
  ['a purpose of another system', { purpose: [{ system: 'urn:x', code: 'TREAT' }] }, 'unclear'],
  [
    'reading',
    { action: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentaction', code: 'access' }] }] },
    'met',
  ],
  [
    'collecting',
    { action: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentaction', code: 'collect' }] }] },
    'not met',
  ],
  ['an action in words', { action: [{ text: 'faxing' }] }, 'unclear'],
  ['this type', { class: types('Observation') }, 'met'],
  ['one of several types', { class: types('Condition', 'Observation') }, 'met'],
  ['another type', { class: types('Condition') }, 'not met'],
  ['a class that is no type', { class: [{ system: 'urn:ietf:bcp:13', code: 'application/hl7-cda+xml' }] }, 'unclear'],
  ['this code', { code: codes(HIV_TEST) }, 'met'],
  ['another code', { code: codes({ system: LOINC, code: '718-7' }) }, 'not met'],
  ['this code of another system', { code: codes({ system: 'urn:x', code: HIV_TEST.code }) }, 'not met'],
  ['this code without a system', { code: codes({ code: HIV_TEST.code }) }, 'unclear'],
  ['a code in words', { code: [{ text: 'HIV' }] }, 'unclear'],
  ['its label or below', { securityLabel: labels('N') }, 'met'],
  [
    'a label that it has not',
    { securityLabel: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }] },
    'not met',
  ],
  ['a label without a code', { securityLabel: [{ system: 'urn:x' }] }, 'unclear'],
  ['this resource', { data: [{ meaning: 'instance', reference: { reference: `Observation/${MRN}.1` } }] }, 'met'],
  [
    'another resource',
    { data: [{ meaning: 'instance', reference: { reference: `Observation/${MRN}.2` } }] },
    'not met',
  ],
  [
    'what is related to another',
    { data: [{ meaning: 'related', reference: { reference: `Encounter/${MRN}.2` } }] },
    'unclear',
  ],
  [
    'a resource by its address',
    { data: [{ meaning: 'instance', reference: { reference: `https://hub.example/fhir/Observation/${MRN}.1` } }] },
    'unclear',
  ],
  [
    'a version of a resource',
    { data: [{ meaning: 'instance', reference: { reference: `Observation/${MRN}.1/_history/2` } }] },
    'unclear',
  ],
  ['now', { period: { start: '2026-01-01', end: '2027' } }, 'met'],
  ['today somewhere on earth', { period: { start: '2026-11-22', end: '2026-11-22' } }, 'unclear'],
  ['from now on', { period: { start: '2026-11-22T07:41:03Z' } }, 'met'],
  ['until a moment ago', { period: { end: '2026-11-22T07:41:02Z' } }, 'not met'],
  ['from next week', { period: { start: '2026-11-29' } }, 'not met'],
  ['a period that is none', { period: { start: '2026-02-30' } }, 'unclear'],
  ['a period without ends', { period: {} }, 'unclear'],
  ['data of this time', { dataPeriod: { start: '2026-05', end: '2026-05' } }, 'met'],
  ['data of another time', { dataPeriod: { end: '2025' } }, 'not met'],
  ['data of a time of no form', { dataPeriod: { start: 'May' } }, 'unclear'],
  ['a modifierExtension', { modifierExtension: [{ url: 'urn:x' }] }, 'unclear'],
  ['several conditions of which one is not met', { class: types('Condition'), actor: [organization('x')] }, 'not met'],
  [
    'several conditions of which one is unclear',
    { class: types('Observation'), actor: [organization('x')] },
    'unclear',
  ],
]

describe.each(CONDITIONS)('%s', (_what, condition, state) => {
  test(`is ${state}: a permit ${state === 'met' ? 'counts' : 'does not count'}`, () => {
    expect(strictly(consent({ type: 'permit', ...condition }))).toBe(state === 'met')
  })

  test(`is ${state}: a refusal ${state === 'not met' ? 'does not count' : 'counts'}`, () => {
    expect(openly(consent({ type: 'deny', ...condition }))).toBe(state === 'not met')
  })
})

test.each([
  ['BTG', 'TREAT', true],
  ['COC', 'TREAT', true],
  ['CAREMGT', 'HOPERAT', true],
  ['DISASTER', 'PUBHLTH', true],
  ['TREAT', 'ETREAT', false],
  ['CAREMGT', 'TREAT', false],
] as const)('who asks for %s asks for a kind of %s: %s', (purpose, code, expected) => {
  const permit = consent({ type: 'permit', purpose: purposes(code) })
  expect(isReleased([permit], OBSERVATION, { purpose }, STRICT)).toBe(expected)
})

test('an Organization stands for the facility that it was found to be', () => {
  const permit = consent({ type: 'permit', actor: [organization('101.ende')] })
  const facilityOf = (reference: string) => (reference === 'Organization/101.ende' ? '102' : undefined)
  expect(isReleased([permit], OBSERVATION, { facilityOf }, STRICT)).toBe(true)
  expect(isReleased([permit], OBSERVATION, { facilityOf, externalId: '103' }, STRICT)).toBe(false)
})

test.each([
  [
    'a report that holds tests within it',
    { contained: [{ resourceType: 'Observation' }] },
    { class: types('Observation') },
  ],
  [
    'a report that has the code without its system',
    { code: { coding: [{ code: HIV_TEST.code }] } },
    { code: codes(HIV_TEST) },
  ],
])('%s is kept back with what is refused, and does not come with what is permitted', (_what, elements, condition) => {
  const report = item({ resourceType: 'DiagnosticReport', ...elements })
  expect(isReleased([consent({ type: 'deny', ...condition })], report)).toBe(false)
  expect(isReleased([consent({ type: 'permit', ...condition })], report, {}, STRICT)).toBe(false)
})

test.each([
  ['an Observation', { resourceType: 'Observation', meta: { security: [{ code: 'R' }] } }],
  ['a document’s own element', { resourceType: 'Composition', confidentiality: 'V' }],
  ['a document that refers', { resourceType: 'DocumentReference', securityLabel: [{ coding: [{ code: 'R' }] }] }],
  ['one deeper', { resourceType: 'List', contained: [{ resourceType: 'Basic', meta: { security: [{ code: 'V' }] } }] }],
])('what is labelled within a resource keeps it back: %s', (_what, within) => {
  const report = item({ resourceType: 'DiagnosticReport', contained: [within] })
  expect(isReleased([], report)).toBe(false)
  expect(isReleased([consent({ type: 'permit' })], report)).toBe(false)
  expect(isReleased([], item({ resourceType: 'DiagnosticReport', contained: [{ resourceType: 'Basic' }] }))).toBe(true)
})

test('a label of another kind within a resource refuses, and permits nothing', () => {
  const label = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }
  const report = item({ resourceType: 'DiagnosticReport', contained: [{ meta: { security: [label] } }] })
  expect(isReleased([consent({ type: 'deny', securityLabel: [label] })], report)).toBe(false)
  expect(isReleased([consent({ type: 'permit', securityLabel: [label] })], report, {}, STRICT)).toBe(false)
})

test('what does not say its time may be of any, and a Patient is of none', () => {
  const refusal = consent({ type: 'deny', dataPeriod: { end: '2025' } })
  expect(isReleased([refusal], item({ resourceType: 'AllergyIntolerance' }))).toBe(false)
  expect(isReleased([refusal], PATIENT)).toBe(true)
})

describe('a Consent that nobody can read refuses', () => {
  const deep = (levels: number): object =>
    levels === 0 ? { type: 'permit' } : { type: 'permit', provision: [deep(levels - 1)] }
  test.each([
    ['a provision that is a text', consent('no')],
    ['a word that is neither permit nor deny', consent({ type: 'Permit' })],
    ['rules in rules without end', consent(deep(50))],
    [
      'rules without number',
      consent({ type: 'permit', provision: Array.from({ length: 600 }, () => ({ type: 'permit' })) }),
    ],
    ['rules that something may turn round', consent({ type: 'deny' }, { implicitRules: 'urn:x' })],
  ])('%s', (_what, one) => {
    expect([openly(one), strictly(one)]).toEqual([false, false])
  })

  test('though it only permits: then it permits nothing', () => {
    expect(strictly(consent({ type: 'permit' }, { modifierExtension: [{ url: 'urn:x' }] }))).toBe(false)
  })
})

describe('a base policy', () => {
  const base = (code: string) => ({
    policyRule: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code }] },
  })
  test('OPTOUT refuses, but for the exceptions', () => {
    expect(openly(consent(undefined, base('OPTOUT')))).toBe(false)
    expect(openly(consent({ provision: [{ type: 'permit', actor: [facility('102')] }] }, base('OPTOUT')))).toBe(true)
  })
  test('OPTIN permits, but for the exceptions', () => {
    expect(strictly(consent(undefined, base('OPTIN')))).toBe(true)
    expect(strictly(consent({ provision: [{ type: 'deny', actor: [facility('102')] }] }, base('OPTIN')))).toBe(false)
  })
  test('neither, and no rule, says nothing', () => {
    expect([openly(consent(undefined)), strictly(consent(undefined))]).toEqual([true, false])
  })
})

describe('of rules within rules', () => {
  test.each([
    ['the inner one counts', { type: 'deny', provision: [{ type: 'permit', actor: [facility('102')] }] }, true],
    [
      'one that does not apply leaves the outer one',
      { type: 'deny', provision: [{ type: 'permit', actor: [facility('103')] }] },
      false,
    ],
    [
      'one that is unclear leaves the outer refusal',
      { type: 'deny', provision: [{ type: 'permit', actor: [organization('x')] }] },
      false,
    ],
    [
      'the innermost counts',
      { type: 'deny', provision: [{ type: 'permit', provision: [{ type: 'deny', class: types('Observation') }] }] },
      false,
    ],
    [
      'none counts where the outer one does not apply',
      { type: 'permit', actor: [facility('103')], provision: [{ type: 'deny' }] },
      true,
    ],
    ['of two the refusal counts', { type: 'permit', provision: [{ type: 'permit' }, { type: 'deny' }] }, false],
    ['the outer one may be silent', { provision: [{ type: 'deny', class: types('Observation') }] }, false],
    [
      'an outer one that is unclear refuses, whatever it excepts',
      { type: 'deny', actor: [organization('x')], provision: [{ type: 'permit' }] },
      false,
    ],
    [
      'an outer permit that is unclear still refuses what it excepts',
      { type: 'permit', actor: [organization('x')], provision: [{ type: 'deny' }] },
      false,
    ],
  ])('%s', (_what, provision, expected) => {
    expect(openly(consent(provision))).toBe(expected)
  })
})

describe('of several Consents', () => {
  const old = { dateTime: '2020-01-01' }
  const later = { dateTime: '2026-06-01' }
  const all = (type: string, when: object) => consent({ type }, when)
  const for102 = (type: string, when: object) => consent({ type, actor: [facility('102')] }, when)
  const tests = (type: string, when: object) => consent({ type, code: codes(HIV_TEST) }, when)
  const THIS = { reference: `Observation/${MRN}.1` }
  const testsFor102 = (type: string, when: object) =>
    consent({ type, actor: [facility('102')], code: codes(HIV_TEST) }, when)
  test.each([
    ['the newer one counts', [all('deny', old), all('permit', later)], true],
    ['the newer one counts, a refusal too', [all('permit', old), all('deny', later)], false],
    ['of the same moment the refusal counts', [all('permit', old), all('deny', old)], false],
    ['who is named counts before everybody, though older', [for102('permit', old), all('deny', later)], true],
    ['who is named is refused though everybody is permitted later', [for102('deny', old), all('permit', later)], false],
    ['what is named counts before everything', [tests('deny', old), all('permit', later)], false],
    ['whom against what: the refusal counts', [for102('permit', later), tests('deny', old)], false],
    ['what against whom: the refusal counts', [for102('deny', old), tests('permit', later)], false],
    [
      'whom and what counts before each',
      [for102('permit', later), tests('deny', later), testsFor102('permit', old)],
      true,
    ],
    [
      'a kind of data does not count before what is named of it, though whom is named and it is newer',
      [tests('deny', old), consent({ type: 'permit', actor: [facility('102')], class: types('Observation') }, later)],
      false,
    ],
    [
      'what is named counts before its kind, though older',
      [tests('permit', old), consent({ type: 'deny', class: types('Observation') }, later)],
      true,
    ],
    [
      'the resource itself counts before what it is about',
      [tests('permit', later), consent({ type: 'deny', data: [{ meaning: 'instance', reference: THIS }] }, old)],
      false,
    ],
    [
      'a Consent of a time that has not come is as old as its document, so what is said after it counts',
      [all('permit', { dateTime: '2062-06-01' }), all('deny', later)],
      false,
    ],
    [
      'a Consent without a date is as old as its document',
      [all('permit', old), all('deny', { dateTime: undefined })],
      false,
    ],
  ])('%s', (_what, consents, expected) => {
    expect(openly(...consents)).toBe(expected)
    expect(openly(...consents.toReversed())).toBe(expected)
  })
})

describe('what is labelled', () => {
  const labelled = (...codesOfLabels: string[]) =>
    item({ resourceType: 'Observation', meta: { security: labels(...codesOfLabels) } })
  test.each([
    ['N', [], true],
    ['L', [], true],
    ['R', [], false],
    ['V', [], false],
    ['R', [consent({ type: 'permit' })], false],
    ['R', [consent({ type: 'permit', actor: [facility('103')] })], false],
    ['R', [consent({ type: 'permit', actor: [facility('102')] })], true],
    ['V', [consent({ type: 'permit', actor: [facility('102')] })], true],
    ['R', [consent({ type: 'permit', securityLabel: labels('R') })], true],
    ['R', [consent({ type: 'permit', securityLabel: labels('V') })], true],
    ['V', [consent({ type: 'permit', securityLabel: labels('R') })], false],
    ['R', [consent({ type: 'permit', actor: [facility('102')], securityLabel: labels('N') })], false],
    ['R', [consent({ type: 'permit', provision: [{ type: 'permit', securityLabel: labels('R') }] })], true],
    [
      'R',
      [consent({ type: 'permit', actor: [facility('102')] }), consent({ type: 'deny', securityLabel: labels('R') })],
      false,
    ],
    ['V', [consent({ type: 'deny', securityLabel: labels('R') })], false],
    ['N', [consent({ type: 'deny', securityLabel: labels('R') })], true],
    ['secret', [], false],
  ])('%s, with %j', (code, consents, expected) => {
    expect(isReleased(consents, labelled(code))).toBe(expected)
  })

  test('with several the highest counts', () => {
    expect(isReleased([], labelled('N', 'R'))).toBe(false)
  })

  test.each([
    ['without a system', { code: 'V' }],
    ['by the older system', { system: 'http://hl7.org/fhir/v3/Confidentiality', code: 'R' }],
    ['as one and not in a list', { code: 'R' }],
  ])('%s too', (what, label) => {
    const security = what.startsWith('as one') ? label : [label]
    expect(isReleased([], item({ resourceType: 'Observation', meta: { security } }))).toBe(false)
  })

  test.each([
    ['a DocumentReference', { securityLabel: [{ coding: labels('V') }] }],
    ['a Composition', { confidentiality: 'R' }],
  ])('%s by the confidentiality of its document', (what, elements) => {
    const resourceType = what.slice(2)
    expect(isReleased([], item({ resourceType }))).toBe(true)
    expect(isReleased([], item({ resourceType, ...elements }))).toBe(false)
    expect(
      isReleased([consent({ type: 'permit', actor: [facility('102')] })], item({ resourceType, ...elements })),
    ).toBe(true)
  })

  test('is not what has a label of another kind', () => {
    const other = item({ resourceType: 'Observation', meta: { security: [{ system: 'urn:x', code: 'R' }] } })
    expect(isReleased([], other)).toBe(true)
  })
})
