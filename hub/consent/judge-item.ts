import { conditionsOf, type Reading } from './conditions'
import { isRestricted } from './confidentiality'
import type { Directive, Rule } from './consent-rule'
import type { RecordItem } from './record-item'

/** What applies where no Consent says anything. */
export const CONSENT_POLICIES = ['permit-unless-refused', 'refuse-unless-permitted'] as const
export type ConsentPolicy = (typeof CONSENT_POLICIES)[number]

/** What is decided of one resource, and what that comes of. */
export interface ItemVerdict {
  released: boolean
  /**
   * `rule`: a Consent says so. `part`: a Consent says so of this kind of data, or its label does. `policy`: nobody says
   * anything.
   */
  by: 'rule' | 'part' | 'policy'
}

/** What a rule that applies says, and how narrowly. */
interface Finding {
  type: 'permit' | 'deny'
  atMs: number
  /** How exactly the rule, or one around it, says whom, what and why; 0 where it does not say. */
  names: { reader: number; data: number; purpose: number }
  /** It names the reader itself, or the confidentiality of this resource. */
  isExplicit: boolean
}

/**
 * One resource and one reader. Of the rules that apply
 *
 * 1. one is passed over if another says more exactly whom, what or why it is about, and none of these less exactly,
 * 2. or says all of these as exactly, and is newer.
 * 3. If a refusal is left, it is refused; else if a permit is left, released; else the policy decides.
 *
 * Worked example: “nobody sees my HIV tests” and “RSUD Ende sees everything” each say more in one way and less in the other,
 * so neither passes over the other, and the tests are kept back. “RSUD Ende sees my HIV tests” says more than the first, and lets them
 * through.
 *
 * What is labelled R or V is refused where no permit is left that names the reader or the label.
 */
export function judgeItem(
  item: RecordItem,
  directives: readonly Directive[],
  reading: Reading,
  policy: ConsentPolicy,
): ItemVerdict {
  const restricted = isRestricted(item.level)
  const findings = directives
    .flatMap(({ root, atMs }) => findingsOf(root, item, reading, { ...NOTHING, atMs }))
    .filter(({ type, isExplicit }) => type === 'deny' || isExplicit || !restricted)
  const newest = newestOfEach(findings)
  const left = newest.filter((one) => !newest.some((other) => passesOver(other, one)))
  const refusals = left.filter(({ type }) => type === 'deny')
  if (refusals.length > 0)
    return { released: false, by: refusals.some(({ names }) => names.data > 0) ? 'part' : 'rule' }
  if (left.length > 0) return { released: true, by: 'rule' }
  if (restricted) return { released: false, by: 'part' }
  return { released: policy === 'permit-unless-refused', by: 'policy' }
}

type Around = Pick<Finding, 'atMs' | 'names' | 'isExplicit'>

const NOTHING: Omit<Around, 'atMs'> = { names: { reader: 0, data: 0, purpose: 0 }, isExplicit: false }

/** What a rule says, or in its place what the rules within it say. */
function findingsOf(rule: Rule, item: RecordItem, reading: Reading, around: Around): Finding[] {
  const { all, namesReader, namesLevel } = conditionsOf(rule, item, reading)
  if (all === 'no') return []
  const { reader, data, purpose } = around.names
  const here: Around = {
    atMs: around.atMs,
    names: {
      reader: Math.max(reader, rule.actors ? 1 : 0),
      data: Math.max(data, exactnessOf(rule)),
      purpose: Math.max(purpose, rule.purposes ? 1 : 0),
    },
    isExplicit: around.isExplicit || namesReader || namesLevel,
  }
  const inner = rule.within
    .flatMap((one) => findingsOf(one, item, reading, here))
    .filter(({ type }) => type === 'deny' || all === 'yes')
  if (inner.length > 0 && (all === 'yes' || rule.type !== 'deny')) return inner
  const counts = rule.type === 'deny' || (rule.type === 'permit' && all === 'yes')
  return rule.type !== undefined && counts ? [{ ...here, type: rule.type }, ...inner] : inner
}

/** This very resource is more than what it is about, and that is more than its kind or its time. */
function exactnessOf({ classes, codes, labels, data, dataPeriod }: Rule): number {
  if (data) return 3
  if (codes || labels) return 2
  return classes || dataPeriod ? 1 : 0
}

/** Of those that say the same as exactly, the newest stands for all: any number of rules comes down to a few. */
function newestOfEach(findings: readonly Finding[]): Finding[] {
  const newest = new Map<string, Finding>()
  for (const one of findings) {
    const { reader, data, purpose } = one.names
    const key = `${one.type} ${reader} ${data} ${purpose}`
    if (one.atMs > (newest.get(key)?.atMs ?? Number.NEGATIVE_INFINITY)) newest.set(key, one)
  }
  return [...newest.values()]
}

function passesOver(a: Finding, b: Finding): boolean {
  const ways = ['reader', 'data', 'purpose'] as const
  if (ways.some((way) => b.names[way] > a.names[way])) return false
  return ways.some((way) => a.names[way] > b.names[way]) || a.atMs > b.atMs
}
