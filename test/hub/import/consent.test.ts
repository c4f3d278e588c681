import type { Bundle, OperationOutcome } from 'fhir/r4'
import { consent, facility, labels, organization, purposes, types } from '../consent/consents'
import { askHub } from './ask-hub'
import { type HubOfFakes, record, startHubOfFakes } from './hub-of-fakes'

const MRN = '10100000042'
const VISIT = '10300000017'
const LAST = '10400000016'
const link = (mrn: string) => ({ link: [{ type: 'seealso', other: { reference: `Patient/${mrn}` } }] })

let hub: HubOfFakes

beforeEach(async () => {
  hub = await startHubOfFakes()
  hub.records = [
    record('101', MRN, 'Patient', undefined, { gender: 'female' }),
    record('101', MRN, 'Observation', 'same', { status: 'final' }),
    record('101', MRN, 'Condition', 'same', { subject: { reference: `Patient/${MRN}` } }),
    record('101', MRN, 'Encounter', 'e', { location: [{ location: { reference: 'Location/101.ward' } }] }),
    record('101', '101', 'Location', 'ward', { meta: { security: labels('V') } }),
  ]
})

afterEach(() => hub.stop())

const ask = (asked = {}) => askHub(hub, asked)
const BTG = { purpose: 'BTG', headers: { Reason: 'unconscious' } }

function say(provision: object, mrn = MRN, elements: object = {}): void {
  const { id: _, resourceType, ...rest } = consent(provision, elements)
  hub.records.push(record(mrn.slice(0, 3), mrn, String(resourceType), `c${hub.records.length}`, rest))
}

const references = (bundle: Bundle) =>
  (bundle.entry ?? [])
    .filter(({ search }) => search?.mode !== 'outcome')
    .map(({ resource }) => `${resource?.resourceType}/${resource?.id}`)
const hintIn = (bundle: Bundle) => bundle.entry?.find(({ search }) => search?.mode === 'outcome')?.resource

describe('a record that is refused as a whole', () => {
  beforeEach(() => say({ type: 'deny', actor: [facility('102')] }))

  test('gives nothing, says the way in an emergency, and is audited with how much it was', async () => {
    const answer = await ask()
    expect(answer).toMatchObject({ status: 403, code: 'CONSENT_REFUSED' })
    expect(JSON.stringify(answer.bundle)).toContain('BTG')
    expect(hub.audit).toEqual([
      expect.objectContaining({ outcome: 'refused', code: 'CONSENT_REFUSED', node: 'node-102', mrn: MRN, withheld: 5 }),
    ])
  })

  test('is refused in the same words whatever the cause', async () => {
    const byPatient = await ask()
    hub.records = hub.records.filter(({ type }) => type !== 'Consent')
    hub.records[0] = record('101', MRN, 'Patient', undefined, { meta: { security: labels('V') } })
    const byLabel = await ask()
    expect(byLabel.bundle).toEqual(byPatient.bundle)
  })

  test('is open to other facilities', async () => {
    hub.node = { ...hub.node, nodeName: 'node-105', externalId: '105' }
    expect(await ask({ nodeName: 'node-105' })).toMatchObject({ status: 200 })
  })

  test('uses up the nonce: what was refused is not granted later to whoever sends it again', async () => {
    const nonce = 'AAAAAAAAAAAAAAAAAAAAAA'
    await ask({ nonce })
    hub.records = hub.records.filter(({ type }) => type !== 'Consent')
    expect(await ask({ nonce })).toMatchObject({ status: 409, code: 'REPLAY' })
  })

  test('is told apart from one that is not there by nobody without a key', async () => {
    const [refused, unknown] = [await ask({ nodePassword: 'x' }), await ask({ nodePassword: 'x', mrn: '10100000067' })]
    expect(refused).toMatchObject({ status: 401 })
    expect(unknown.bundle).toEqual(refused.bundle)
  })

  test('is opened by breaking the glass, which the audit marks with how much that overrode', async () => {
    const { status, bundle } = await ask(BTG)
    expect(status).toBe(200)
    expect(references(bundle)).toContain('Location/101.ward')
    expect(references(bundle)).toHaveLength(6)
    expect(hintIn(bundle)).toBeUndefined()
    expect(hub.audit[0]).toMatchObject({ outcome: 'allowed', purpose: 'BTG', reason: 'unconscious', overridden: 5 })
    expect(hub.audit[0]).not.toHaveProperty('withheld')
  })

  test.each(['ETREAT', 'DISASTER'])('is not opened by %s', async (purpose) => {
    expect(await ask({ purpose, headers: { Reason: 'unconscious' } })).toMatchObject({ status: 403 })
  })

  test('is not kept back from the facility that it belongs to', async () => {
    hub.node = { ...hub.node, nodeName: 'node-101', externalId: '101' }
    say({ type: 'deny' })
    const { status, bundle } = await ask({ nodeName: 'node-101' })
    expect([status, hintIn(bundle)]).toEqual([200, undefined])
    expect(references(bundle)).toContain('Location/101.ward')
  })
})

describe('what is kept back of a record', () => {
  test('is not there; the Bundle says that something is missing, and not what', async () => {
    say({ type: 'deny', class: types('Condition') })
    const { status, bundle } = await ask()
    expect(status).toBe(200)
    // Two resources of different types have one id: only one is kept back, and the Consent that tells it.
    expect(references(bundle)).toEqual([`Patient/${MRN}`, `Observation/${MRN}.same`, `Encounter/${MRN}.e`])
    expect(bundle.total).toBe(3)
    const hint = hintIn(bundle) as OperationOutcome
    expect(hint.issue).toEqual([expect.objectContaining({ severity: 'information', code: 'suppressed' })])
    expect(JSON.stringify(hint)).not.toMatch(/Condition|101|2/)
    expect(hub.audit[0]).toMatchObject({ outcome: 'allowed', withheld: 2 })
  })

  test('says nothing where nothing is', async () => {
    hub.records = hub.records.filter(({ type }) => type !== 'Encounter')
    say({ type: 'deny', actor: [facility('103')] })
    const { bundle } = await ask()
    expect([references(bundle).length, hintIn(bundle)]).toEqual([4, undefined])
    expect(hub.audit[0]).not.toHaveProperty('withheld')
  })

  test('is also what a facility has labelled of its own', async () => {
    const { bundle } = await ask()
    expect(references(bundle)).not.toContain('Location/101.ward')
    expect(hintIn(bundle)).toBeDefined()
  })

  test('depends on the purpose', async () => {
    say({ type: 'deny', class: types('Condition'), purpose: purposes('HPAYMT') })
    expect(references((await ask({ purpose: 'HPAYMT' })).bundle)).not.toContain(`Condition/${MRN}.same`)
    expect(references((await ask()).bundle)).toContain(`Condition/${MRN}.same`)
  })
})

describe('an Organization in a Consent', () => {
  const system = 'https://lontar.health/external-id'
  const named = (owner: string, ...values: string[]) =>
    hub.records.push(
      record(owner, owner, 'Organization', 'org', { identifier: values.map((value) => ({ system, value })) }),
    )

  test.each([
    ['is the facility that the record’s own facility says it is', '101', ['102'], 403],
    ['is another one', '101', ['103'], 200],
    ['is what it says of itself', '102', ['102'], 403],
    ['is nobody known where it says it is another: refused', '102', ['103'], 403],
    ['is nobody known where it says two: refused', '101', ['103', '104'], 403],
    ['is nobody known where it says nothing: refused', '101', [], 403],
  ])('%s', async (_what, owner, values, status) => {
    named(owner, ...values)
    say({ type: 'deny', actor: [organization(`${owner}.org`)] })
    expect(await ask()).toMatchObject({ status })
  })

  test('is nobody known where it has not arrived: refused', async () => {
    say({ type: 'deny', actor: [organization('101.nowhere')] })
    expect(await ask()).toMatchObject({ status: 403 })
  })
})

describe('a Consent that two machines have written at once', () => {
  const permit = { type: 'permit', actor: [facility('102')] }
  const deny = { type: 'deny', actor: [facility('102')] }
  /** What the database shows, and what it keeps beside it. */
  const write = (shown: object, ...lost: object[]) => {
    say(shown, MRN, { dateTime: '2026-06-01T00:00:00Z' })
    const won = hub.records.at(-1)
    if (!won) throw new Error('nothing was said')
    won._conflicts = lost.map((_, index) => `1-lost${index}`)
    hub.lost = lost.map((elements, index) => ({
      ...won,
      _rev: `1-lost${index}`,
      resource: { ...won.resource, ...elements } as typeof won.resource,
    }))
  }

  test.each([
    [
      'refuses in the revision that is not shown, also if that is older',
      [permit, { provision: deny, dateTime: '2026-01-01T00:00:00Z' }],
      403,
    ],
    ['refuses in the one that is shown, and permits in the other', [deny, { provision: permit }], 403],
    ['refuses in one of several', [permit, { provision: permit }, { provision: deny }], 403],
    ['refuses in one that does not count', [permit, { provision: deny, status: 'inactive' }], 200],
    ['permits in both', [permit, { provision: permit }], 200],
    [
      'has more revisions than anybody can bring together',
      [permit, ...Array.from({ length: 11 }, () => ({ provision: permit }))],
      403,
    ],
  ])('%s', async (_what, [shown = {}, ...lost], status) => {
    write(shown, ...lost)
    expect((await ask()).status).toBe(status)
  })

  test('gives no permit by a revision that is not shown', async () => {
    await hub.stop()
    const { records } = hub
    hub = await startHubOfFakes('refuse-unless-permitted')
    hub.records = records
    write({ type: 'permit', actor: [facility('103')] }, { provision: permit })
    expect((await ask()).status).toBe(403)
  })
})

describe('of linked records', () => {
  beforeEach(() => {
    hub.records.push(
      record('103', VISIT, 'Patient', undefined, link(MRN)),
      record('103', VISIT, 'Encounter', 'v'),
      record('104', LAST, 'Patient', undefined, link(VISIT)),
    )
  })

  test('each one’s own Consents count: one that is refused stays away, and what is linked through it alone', async () => {
    say({ type: 'deny' }, VISIT)
    const { status, bundle } = await ask()
    expect([status, hintIn(bundle) !== undefined]).toEqual([200, true])
    expect(JSON.stringify(bundle)).not.toMatch(new RegExp(`${VISIT}|${LAST}`))
    expect(hub.audit[0]).toMatchObject({ withheld: 1 })
    expect(hub.audit[0]).not.toHaveProperty('linked')
  })

  test('the one that was asked for decides whether there is anything', async () => {
    say({ type: 'deny' }, MRN)
    expect(await ask({ mrn: VISIT })).toMatchObject({ status: 200 })
    expect(await ask()).toMatchObject({ status: 403 })
  })

  test('breaking the glass opens all', async () => {
    say({ type: 'deny' }, VISIT)
    const { bundle } = await ask(BTG)
    expect(references(bundle)).toContain(`Patient/${LAST}`)
    expect(hub.audit[0]).toMatchObject({ linked: [VISIT, LAST], overridden: 3 })
  })
})

describe('refuse-unless-permitted', () => {
  beforeEach(async () => {
    const { records } = hub
    await hub.stop()
    hub = await startHubOfFakes('refuse-unless-permitted')
    hub.records = records
  })

  test('refuses where nobody has said anything', async () => {
    expect(await ask()).toMatchObject({ status: 403, code: 'CONSENT_REFUSED' })
    expect(await ask(BTG)).toMatchObject({ status: 200 })
  })

  test('releases what is permitted, with the Patient', async () => {
    say({ type: 'permit', actor: [facility('102')], class: types('Observation') })
    const { bundle } = await ask()
    expect(references(bundle)).toEqual([`Patient/${MRN}`, `Observation/${MRN}.same`])
    expect(hintIn(bundle)).toBeDefined()
  })
})

test('a document that is confidential by its own word alone is kept back where nothing else is said', async () => {
  hub.records.push(record('101', MRN, 'DocumentReference', 'd', { securityLabel: [{ coding: labels('V') }] }))
  const { status, bundle } = await ask()
  expect(status).toBe(200)
  expect(references(bundle as Bundle)).not.toContain(`DocumentReference/${MRN}.d`)
  expect(hintIn(bundle as Bundle)).toBeDefined()
})

test('a reason that would write to a terminal what it wants is refused, and audited without its control characters', async () => {
  const Reason = Buffer.from('\u009b2Junconscious', 'utf8').toString('latin1')
  expect(await ask({ purpose: 'BTG', headers: { Reason } })).toMatchObject({ status: 400, code: 'INVALID_REQUEST' })
  expect(hub.audit).toEqual([expect.objectContaining({ outcome: 'refused', reason: '2Junconscious' })])
})
