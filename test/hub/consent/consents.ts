import type { Reading } from '../../../hub/consent/conditions'
import { type Directive, EXTERNAL_ID_SYSTEM, readConsent } from '../../../hub/consent/consent-rule'
import { type ConsentPolicy, judgeItem } from '../../../hub/consent/judge-item'
import { type RecordItem, recordItem } from '../../../hub/consent/record-item'

export const MRN = '10100000042'
const ACT_REASON = 'http://terminology.hl7.org/CodeSystem/v3-ActReason'
const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality'
export const LOINC = 'http://loinc.org'
export const HIV_TEST = { system: LOINC, code: '75622-1' }

export const NOW = new Date('2026-11-22T07:41:03Z')

/** Provisions in few words. */
export const facility = (externalId: string) => ({
  reference: { identifier: { system: EXTERNAL_ID_SYSTEM, value: externalId } },
})
export const organization = (id: string) => ({ reference: { reference: `Organization/${id}` } })
export const types = (...codes: string[]) =>
  codes.map((code) => ({ system: 'http://hl7.org/fhir/resource-types', code }))
export const purposes = (...codes: string[]) => codes.map((code) => ({ system: ACT_REASON, code }))
export const labels = (...codes: string[]) => codes.map((code) => ({ system: CONFIDENTIALITY, code }))
export const codes = (...codings: object[]) => codings.map((coding) => ({ coding: [coding] }))

export function consent(provision: unknown, elements: object = {}): Record<string, unknown> {
  return {
    resourceType: 'Consent',
    id: `${MRN}.c`,
    status: 'active',
    scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
    dateTime: '2026-01-01T00:00:00Z',
    provision,
    ...elements,
  }
}

export function directives(...consents: unknown[]): Directive[] {
  return consents.flatMap((one) => readConsent(one, '2026-01-01T00:00:00.000Z', NOW) ?? [])
}

export const reading = (change: Partial<Reading> = {}): Reading => ({
  externalId: '102',
  purpose: 'TREAT',
  at: NOW,
  facilityOf: () => undefined,
  ...change,
})

export function item(resource: { resourceType: string; id?: string } & Record<string, unknown>): RecordItem {
  return recordItem(resource.resourceType, resource.id ?? `${MRN}.1`, true, () => resource)
}

export const OBSERVATION = item({
  resourceType: 'Observation',
  code: { coding: [HIV_TEST] },
  effectiveDateTime: '2026-05-04T10:00:00+07:00',
})
export const PATIENT = item({ resourceType: 'Patient', id: MRN })

export function isReleased(
  consents: unknown[],
  what: RecordItem = OBSERVATION,
  who: Partial<Reading> = {},
  policy: ConsentPolicy = 'permit-unless-refused',
): boolean {
  return judgeItem(what, directives(...consents), reading(who), policy).released
}
