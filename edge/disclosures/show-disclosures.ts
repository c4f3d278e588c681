import type { Disclosure, DisclosureList } from '../../schemas/generated/types'

/** For people: newest first, one a line, and what was said for a broken glass below it. */
export function disclosuresText({ disclosures, askedAt, next }: DisclosureList): string {
  const asked = askedAt === undefined ? 'The hub has not been asked yet.' : `As the hub knew it at ${askedAt}.`
  if (disclosures.length === 0) return `No other facility has read a record of this one. ${asked}`
  return [...disclosures.map(line), ...(next === undefined ? [] : ['…']), asked].join('\n')
}

function line({ at, mrn, facility, operator, purpose, reason, breaksGlass }: Disclosure): string {
  const id = operator ?? facility.externalId
  const who = facility.name === undefined ? id : `${facility.name} (${id})`
  const why = [purpose, ...(breaksGlass ? ['broke the glass'] : [])].join(', ')
  return `${at}  ${mrn}  ${who}: ${why}${reason === undefined ? '' : `\n  “${reason}”`}`
}
