import type { VerifyReport } from './verify-audit'

/** Chains and breaks beyond this are counted. */
const MOST_SHOWN = 10

/** What the verifier found, for a person, a line each. The first says it all. */
export function reportLines({ breaks, entries, chains, sealed, open, unchained }: VerifyReport): string[] {
  const size = `${count(entries, 'entry', 'entries')} in ${count(chains, 'chain', 'chains')}, ${sealed} of them sealed`
  const before = unchained > 0 ? `; ${unchained} of the entries stand in no chain` : ''
  const [first, ...others] = breaks
  const lines =
    first === undefined
      ? [`The audit is whole: ${size}${before}.`]
      : [
          `The audit is BROKEN. ${first.reason}`,
          ...others.map(({ reason }) => `Also: ${reason}`),
          `It has ${size}${before}.`,
        ]
  const ends = open.map(({ head, lastAt, isHere, unresolved }) => {
    const end = `Chain ${head?.chain} ends with number ${head?.number} of ${lastAt}`
    const lacking = unresolved.length > 0 ? ` Of its last write, number ${unresolved.join(', ')} is not there.` : ''
    return isHere
      ? `${end}, and the gateway that wrote it says so too.${lacking}`
      : `${end} and is open: its gateway runs, or was killed. Only a head that was kept elsewhere shows whether it went on.${lacking}`
  })
  return [...shown(lines), ...shown(ends)]
}

function shown(lines: readonly string[]): string[] {
  const more = lines.length - MOST_SHOWN
  return more > 0 ? [...lines.slice(0, MOST_SHOWN), `… and ${more} more.`] : [...lines]
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`
}
