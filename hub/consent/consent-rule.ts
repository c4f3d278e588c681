import { isExternalId } from '../../protocol/external-id'
import { type Coding, codingOf, isObject, type Json, listOf, textOf } from './fhir-json'
import { type Period, periodOf, spanOf } from './time-span'

/** Whom a rule is about, as far as the Consent itself says it. */
export type Actor =
  | { kind: 'facility'; externalId: string }
  /** `Organization/<id>`: which facility it stands for is in that resource. */
  | { kind: 'organization'; reference: string }
  | { kind: 'unclear' }

/** A provision of a Consent. Conditions that are absent narrow nothing; `unclear` ones narrow in a way that the hub does not know. */
export interface Rule {
  /** Absent: it says nothing itself, and holds together what is within it. */
  type?: 'permit' | 'deny'
  actors?: readonly Actor[]
  purposes?: readonly Coding[]
  actions?: readonly Coding[]
  classes?: readonly Coding[]
  /** One list of codings for each CodeableConcept. */
  codes?: readonly (readonly Coding[])[]
  labels?: readonly Coding[]
  data?: readonly { meaning?: string; reference?: string }[]
  period?: Period | 'unclear'
  dataPeriod?: Period | 'unclear'
  /** It carries a modifierExtension, which may turn its meaning round. */
  isModified: boolean
  within: readonly Rule[]
}

/** A Consent that counts. */
export interface Directive {
  /** When it was given: of two that say as much the newer one counts. */
  atMs: number
  root: Rule
}

/** On an Organization, or on an actor's reference itself: the external ID of the facility that is meant. */
export const EXTERNAL_ID_SYSTEM = 'https://lontar.health/external-id'

const SCOPE_SYSTEM = 'http://terminology.hl7.org/CodeSystem/consentscope'
const ACT_CODE_SYSTEM = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
/** Of an actor: who gets to know. Any other role, such as the custodian, is not whom this hub gives something to. */
const RECIPIENT_ROLES: ReadonlySet<string> = new Set(['IRCP', 'PRCP'])

/** Far more than a Consent of a person; beyond it nobody can tell any more what is meant. */
export const MOST_RULES = 500
export const MOST_DEPTH = 10

/** Refuses everything to everybody: what a Consent is that counts and that nobody can read. */
export const UNREADABLE: Rule = { type: 'deny', isModified: false, within: [] }

/**
 * A Consent as rules; undefined where it does not count: it is not active, or not about privacy.
 *
 * @param recordedAt  of its document, for a Consent that does not say when it was given, or names a time that has not come
 */
export function readConsent(resource: unknown, recordedAt: string, now: Date): Directive | undefined {
  if (!isObject(resource) || resource['status'] !== 'active' || !isAboutPrivacy(resource['scope'])) return undefined
  const givenMs = spanOf(resource['dateTime'])?.fromMs
  // A slip of the pen must not stand above all that is said until then.
  const isPast = givenMs !== undefined && givenMs <= now.getTime()
  const atMs = isPast ? givenMs : (spanOf(recordedAt)?.fromMs ?? 0)
  const budget = { rules: MOST_RULES }
  const root = rootOf(resource, budget)
  const isModified = resource['modifierExtension'] !== undefined || resource['implicitRules'] !== undefined
  return { atMs, root: budget.rules < 0 ? UNREADABLE : { ...root, isModified: root.isModified || isModified } }
}

function rootOf(consent: Json, budget: { rules: number }): Rule {
  const { provision } = consent
  const base = policyOf(consent['policyRule'])
  if (provision === undefined) return { ...(base && { type: base }), isModified: false, within: [] }
  if (!isObject(provision)) return UNREADABLE
  const rule = ruleOf(provision, MOST_DEPTH, budget)
  return rule.type === undefined && base ? { ...rule, type: base } : rule
}

/** R4 knows a base policy of opting in or out; the provisions are exceptions from it. */
function policyOf(policyRule: unknown): Rule['type'] | undefined {
  const codes = codingsOf(isObject(policyRule) ? policyRule : {})
  const has = (code: string) => codes.some((coding) => coding.system === ACT_CODE_SYSTEM && coding.code === code)
  if (has('OPTOUT')) return 'deny'
  return has('OPTIN') ? 'permit' : undefined
}

function isAboutPrivacy(scope: unknown): boolean {
  const codes = codingsOf(isObject(scope) ? scope : {})
  return codes.some(({ system = SCOPE_SYSTEM, code }) => system === SCOPE_SYSTEM && code === 'patient-privacy')
}

function ruleOf(provision: Json, depth: number, budget: { rules: number }): Rule {
  budget.rules -= depth > 0 ? 1 : MOST_RULES
  if (budget.rules < 0 || depth === 0) return UNREADABLE
  const { type, period, dataPeriod } = provision
  const list = (name: string) => listOf(provision[name])
  const codings = (name: string) => list(name)?.map(codingOf)
  const [actors, actions, codes, data] = [list('actor'), list('action'), list('code'), list('data')]
  const [purposes, classes, labels] = [codings('purpose'), codings('class'), codings('securityLabel')]
  return {
    // A word that is neither is no permit.
    ...(type !== undefined && { type: type === 'permit' ? 'permit' : 'deny' }),
    ...(actors && { actors: actors.map(actorOf) }),
    ...(purposes && { purposes }),
    ...(actions && { actions: actions.flatMap(actionCodings) }),
    ...(classes && { classes }),
    ...(codes && { codes: codes.map(codingsOf) }),
    ...(labels && { labels }),
    ...(data && { data: data.map(datumOf) }),
    ...(period !== undefined && { period: periodOf(period) ?? 'unclear' }),
    ...(dataPeriod !== undefined && { dataPeriod: periodOf(dataPeriod) ?? 'unclear' }),
    isModified: provision['modifierExtension'] !== undefined,
    within: (listOf(provision['provision']) ?? []).map((inner) => ruleOf(inner, depth - 1, budget)),
  }
}

/** An action is a CodeableConcept; one without a code is one that nobody knows. */
function actionCodings(action: Json): Coding[] {
  const codes = codingsOf(action)
  return codes.length === 0 ? [{}] : codes
}

function codingsOf(concept: Json): Coding[] {
  return (listOf(concept['coding']) ?? []).map(codingOf)
}

function actorOf({ role, reference }: Json): Actor {
  const roles = codingsOf(isObject(role) ? role : {})
  if (roles.length > 0 && !roles.some(({ code }) => RECIPIENT_ROLES.has(code ?? ''))) return { kind: 'unclear' }
  if (!isObject(reference)) return { kind: 'unclear' }
  const identifier = isObject(reference['identifier']) ? reference['identifier'] : {}
  const value = textOf(identifier['value'])
  if (identifier['system'] === EXTERNAL_ID_SYSTEM && value !== undefined && isExternalId(value)) {
    return { kind: 'facility', externalId: value }
  }
  const literal = textOf(reference['reference']) ?? ''
  return /^Organization\/[A-Za-z0-9.-]{1,64}$/.test(literal)
    ? { kind: 'organization', reference: literal }
    : { kind: 'unclear' }
}

function datumOf({ meaning, reference }: Json): { meaning?: string; reference?: string } {
  const [word, literal] = [textOf(meaning), isObject(reference) ? textOf(reference['reference']) : undefined]
  return { ...(word !== undefined && { meaning: word }), ...(literal !== undefined && { reference: literal }) }
}

/** What has to be looked up before these rules can be judged. */
export function organizationsIn(directives: readonly Directive[]): string[] {
  const found = new Set<string>()
  const look = (rule: Rule): void => {
    for (const actor of rule.actors ?? []) if (actor.kind === 'organization') found.add(actor.reference)
    rule.within.forEach(look)
  }
  for (const { root } of directives) look(root)
  return [...found]
}
