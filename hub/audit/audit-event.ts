import { createHash } from 'node:crypto'
import type { AuditEvent, AuditEventEntity, Bundle, Coding } from 'fhir/r4'
import type { AuditEntry, AuditList } from '../../schemas/generated/types'

/** Ours: an entry's id and hash, for whoever holds the event against the audit itself. */
const ENTRY_ID = 'https://lontar.health/fhir/StructureDefinition/audit-entry'
const ENTRY_HASH = 'https://lontar.health/fhir/StructureDefinition/audit-hash'
const NODE_SYSTEM = 'https://lontar.health/fhir/node'
const OPERATOR_SYSTEM = 'https://lontar.health/fhir/operator'
const HUB_SYSTEM = 'https://lontar.health/fhir/hub'
const KIND_SYSTEM = 'https://lontar.health/fhir/audit-kind'
const CODE_SYSTEM = 'https://lontar.health/fhir/error-code'

const DICOM = 'http://dicom.nema.org/resources/ontology/DCM'
const dicom = (code: string, display: string): Coding => ({ system: DICOM, code, display })
const REST: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/audit-event-type',
  code: 'rest',
  display: 'RESTful Operation',
}

/** What FHIR calls each kind, and whether it reads, changes or executes (C, R, U, D, E). */
const KINDS: Readonly<Record<AuditEntry['kind'], { type: Coding; action: AuditEvent['action'] }>> = {
  import: { type: REST, action: 'R' },
  push: { type: REST, action: 'C' },
  registration: { type: dicom('110137', 'User Security Attributes Changed'), action: 'U' },
  node: { type: dicom('110137', 'User Security Attributes Changed'), action: 'U' },
  operator: { type: dicom('110137', 'User Security Attributes Changed'), action: 'U' },
  'data-access': { type: dicom('110136', 'Security Roles Changed'), action: 'U' },
  'sign-in': { type: dicom('110114', 'User Authentication'), action: 'E' },
  configuration: { type: dicom('110129', 'Security Configuration'), action: 'U' },
  'consent-review': { type: dicom('110101', 'Audit Log Used'), action: 'R' },
  look: { type: REST, action: 'R' },
  chain: { type: dicom('110100', 'Application Activity'), action: 'E' },
}

/** A page of the audit as a FHIR searchset. `address` is what was asked, without its query. */
export function auditBundle(
  { entries, next }: AuditList,
  address: { self: string; base: string; hubId: string },
): Bundle {
  const link = [{ relation: 'self', url: address.self }]
  if (next !== undefined) {
    const url = new URL(address.self)
    url.searchParams.set('cursor', next)
    link.push({ relation: 'next', url: url.href })
  }
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    link,
    ...(entries.length > 0 && {
      entry: entries.map((entry) => {
        const resource = auditEvent(entry, address.hubId)
        return { fullUrl: `${address.base}/AuditEvent/${resource.id}`, resource, search: { mode: 'match' } }
      }),
    }),
  }
}

/** An entry as FHIR R4 has it (https://hl7.org/fhir/R4/auditevent.html). */
export function auditEvent(entry: AuditEntry, hubId: string): AuditEvent & { id: string } {
  const { _id, kind, action, at, outcome, code, purpose, reason, chain } = entry
  const entity = entitiesOf(entry)
  const purposes = purposeOf(purpose, reason)
  return {
    resourceType: 'AuditEvent',
    // An id of ours can be longer, and hold other characters, than FHIR's may.
    id: createHash('sha256').update(_id).digest('hex'),
    extension: [{ url: ENTRY_ID, valueString: _id }, ...(chain ? [{ url: ENTRY_HASH, valueString: chain.hash }] : [])],
    type: KINDS[kind].type,
    subtype: [{ system: KIND_SYSTEM, code: kind, display: action }],
    action: KINDS[kind].action,
    recorded: at,
    // 4: refused, as whoever asked it could see. Nothing is half done here, so 8 and 12 do not occur.
    outcome: outcome === 'allowed' ? '0' : '4',
    ...(code !== undefined && { outcomeDesc: code }),
    ...(purposes && { purposeOfEvent: [purposes] }),
    agent: [agentOf(entry)],
    source: { observer: { identifier: { system: HUB_SYSTEM, value: hubId } } },
    ...(entity.length > 0 && { entity }),
  }
}

/** Who asked: a person of the ministry, a node, or the gateway itself. */
function agentOf({ operator, node, chain, kind, address }: AuditEntry): AuditEvent['agent'][number] {
  // 2: an IP address.
  const network = address === undefined ? {} : { network: { address, type: '2' as const } }
  if (operator !== undefined) {
    const who = { identifier: { system: OPERATOR_SYSTEM, value: operator } }
    return { who, altId: operator, requestor: true, ...network }
  }
  if (node !== undefined) {
    return { who: { identifier: { system: NODE_SYSTEM, value: node } }, altId: node, requestor: true }
  }
  if (kind === 'chain' && chain) return { altId: chain.gateway?.id ?? chain.id, name: 'gateway', requestor: false }
  return { name: 'unknown', requestor: true, ...network }
}

/** The patients, and the node or account that something was decided about. */
function entitiesOf({ mrn, linked, node, operator, account, code }: AuditEntry): AuditEventEntity[] {
  const patient = (of: string): AuditEventEntity => ({
    what: /^[A-Za-z0-9.-]{1,64}$/.test(of) ? { reference: `Patient/${of}` } : { display: of },
    type: { system: 'http://terminology.hl7.org/CodeSystem/audit-entity-type', code: '1', display: 'Person' },
    role: { system: 'http://terminology.hl7.org/CodeSystem/object-role', code: '1', display: 'Patient' },
  })
  const about: AuditEventEntity[] =
    operator !== undefined && node !== undefined ? [{ what: { identifier: { system: NODE_SYSTEM, value: node } } }] : []
  if (account !== undefined) about.push({ what: { identifier: { system: OPERATOR_SYSTEM, value: account } } })
  const refusal: AuditEventEntity[] = code !== undefined ? [{ detail: [{ type: CODE_SYSTEM, valueString: code }] }] : []
  return [...(mrn === undefined ? [] : [mrn]), ...(linked ?? [])].map(patient).concat(about, refusal)
}

function purposeOf(purpose: string | undefined, reason: string | undefined) {
  if (purpose === undefined && reason === undefined) return undefined
  return {
    ...(purpose !== undefined && {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: purpose }],
    }),
    ...(reason !== undefined && { text: reason }),
  }
}
