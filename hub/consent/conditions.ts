import { isWithinPurpose, type PurposeOfUse } from '../../protocol/purpose-of-use'
import { levelOf } from './confidentiality'
import type { Actor, Rule } from './consent-rule'
import type { Coding } from './fhir-json'
import { allOf, anyOf, type Holds, holds } from './holds'
import type { RecordItem } from './record-item'
import type { TimeSpan } from './time-span'

/** Who asks, for what and when. */
export interface Reading {
  /** Of the facility that asks. */
  externalId: string
  purpose: PurposeOfUse
  at: Date
  /** Which facility an Organization stands for; undefined where that is not known. */
  facilityOf(organization: string): string | undefined
}

/** Each condition of a rule, held against a resource and whoever asks for it. */
export interface Conditions {
  all: Holds
  /** The rule names this facility. */
  namesReader: boolean
  /** The rule names the confidentiality that this resource has. */
  namesLevel: boolean
}

const RESOURCE_TYPES = 'http://hl7.org/fhir/resource-types'
const ACT_REASON = 'http://terminology.hl7.org/CodeSystem/v3-ActReason'
const ACTION = 'http://terminology.hl7.org/CodeSystem/consentaction'
/** What an import does, and what follows from it. */
const READING_ACTIONS: ReadonlySet<string> = new Set(['access', 'use', 'disclose'])
const OTHER_ACTIONS: ReadonlySet<string> = new Set(['collect', 'correct'])

/** How references between records are written. */
const RELATIVE = /^[A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/

export function conditionsOf(rule: Rule, item: RecordItem, reading: Reading): Conditions {
  const actor = anyOf(rule.actors?.map((one) => isReader(one, reading)))
  const label = anyOf(rule.labels?.map((one) => isLabel(one, item, rule.type)))
  const all = allOf([
    rule.isModified ? 'unclear' : 'yes',
    actor,
    label,
    anyOf(rule.purposes?.map((one) => isPurpose(one, reading.purpose))),
    anyOf(rule.actions?.map(isReadingAction)),
    anyOf(rule.classes?.map((one) => isClass(one, item))),
    anyOf(rule.codes?.map((codings) => hasConcept(codings, item))),
    anyOf(rule.data?.map((one) => isDatum(one, item))),
    isNow(rule.period, reading.at),
    isOfTime(rule.dataPeriod, item),
  ])
  return {
    all,
    namesReader: rule.actors !== undefined && actor === 'yes',
    namesLevel:
      rule.labels?.some((one) => levelOf(one) !== undefined && isLabel(one, item, rule.type) === 'yes') ?? false,
  }
}

function isReader(actor: Actor, { externalId, facilityOf }: Reading): Holds {
  switch (actor.kind) {
    case 'facility':
      return holds(actor.externalId === externalId)
    case 'organization': {
      const facility = facilityOf(actor.reference)
      return facility === undefined ? 'unclear' : holds(facility === externalId)
    }
    case 'unclear':
      return 'unclear'
  }
}

/**
 * Confidentiality is a mark of high water: a permit for R is one for R and all below it (R4, Consent.provision.securityLabel).
 * A refusal of R is one of R and all above it: whoever keeps back what is restricted does not give out what is more so.
 */
function isLabel(label: Coding, item: RecordItem, type: Rule['type']): Holds {
  const level = levelOf(label)
  if (level !== undefined) return holds(type === 'permit' ? item.level <= level : item.level >= level)
  if (label.system === undefined || label.code === undefined) return 'unclear'
  // What has it within is refused with it, and does not come with what is permitted.
  const labels = type === 'permit' ? item.labels : [...item.labels, ...item.labelsWithin]
  return holds(labels.some(({ system, code }) => system === label.system && code === label.code))
}

function isPurpose({ system, code }: Coding, purpose: PurposeOfUse): Holds {
  return system === ACT_REASON && code !== undefined ? holds(isWithinPurpose(purpose, code)) : 'unclear'
}

function isReadingAction({ system, code = '' }: Coding): Holds {
  if (system !== ACTION || !(READING_ACTIONS.has(code) || OTHER_ACTIONS.has(code))) return 'unclear'
  return holds(READING_ACTIONS.has(code))
}

/** What holds a resource of this type within it is not of the type, and tells as much as if it were. */
function isClass({ system, code }: Coding, item: RecordItem): Holds {
  if (system !== RESOURCE_TYPES || code === undefined) return 'unclear'
  if (code === item.type) return 'yes'
  return item.contains(code) ? 'unclear' : 'no'
}

/** Codes are compared as they stand: what a terminology puts below a code has to be named itself. */
function hasConcept(codings: readonly Coding[], item: RecordItem): Holds {
  if (codings.length === 0) return 'unclear'
  return anyOf(codings.map((coding) => (coding.code === undefined ? 'unclear' : item.hasCode(coding))))
}

function isDatum({ meaning, reference }: { meaning?: string; reference?: string }, { type, id }: RecordItem): Holds {
  if (reference === undefined) return 'unclear'
  if (reference === `${type}/${id}`) return 'yes'
  // What is related to it, or depends on it, would have to be looked for; an address or a version may mean this one.
  return meaning === 'instance' && RELATIVE.test(reference) ? 'no' : 'unclear'
}

/** Where a date is meant in another time zone it may be over already, or not have begun: a permit does not count then, a refusal does. */
function isNow(period: Rule['period'], at: Date): Holds {
  if (period === undefined) return 'yes'
  if (period === 'unclear') return 'unclear'
  const ms = at.getTime()
  if (period.surely.fromMs <= ms && ms < period.surely.toMs) return 'yes'
  return period.fromMs <= ms && ms < period.toMs ? 'unclear' : 'no'
}

/**
 * A Patient is of no time. Anything else that does not say its time may be of this one. A date is held against dates as both stand; a time
 * is in a period of dates where it is so in every time zone.
 */
function isOfTime(period: Rule['dataPeriod'], item: RecordItem): Holds {
  if (period === undefined) return 'yes'
  if (item.type === 'Patient') return 'no'
  const times = item.times()
  if (period === 'unclear' || times.length === 0) return 'unclear'
  if (times.every((time) => isWithin(time, isMoment(time) ? period.surely : period))) return 'yes'
  return times.some((time) => time.fromMs < period.toMs && period.fromMs < time.toMs) ? 'unclear' : 'no'
}

function isMoment({ fromMs, toMs }: TimeSpan): boolean {
  return toMs - fromMs === 1
}

function isWithin(inner: TimeSpan, outer: TimeSpan): boolean {
  return outer.fromMs <= inner.fromMs && inner.toMs <= outer.toMs
}
