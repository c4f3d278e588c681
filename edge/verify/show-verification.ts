import type { VerifyResult, VerifyStatus } from '../../schemas/generated/types'

/** The findings of the last run, for people. */
export function verificationText({ last, receipt }: VerifyStatus): string {
  if (!last) return 'This edge has not verified yet.'
  const lines = [headline(last), ...found('sent again', last.sentAgain), ...found('missing at the hub', last.missing)]
  lines.push(...found('changed at the hub by somebody else', last.changed))
  if (last.excluded > 0) lines.push(`${last.excluded} documents wait or were refused, and were not compared.`)
  if (last.onlyAtHub > 0) lines.push(`${last.onlyAtHub} documents of this facility are at the hub and not here.`)
  if (last.reason !== undefined) lines.push(last.reason)
  if (receipt) {
    lines.push(
      `Receipt of ${receipt.at}: all ${grouped(receipt.count)} documents up to sequence ${receipt.upTo}`,
      `  hub ${receipt.hubId}, digest ${receipt.digest}`,
      `  signature ${receipt.signature}`,
    )
  }
  return lines.join('\n')
}

/** One line while it goes on. */
export function progressText({ state, reason, documents, compared }: VerifyStatus): string {
  switch (state) {
    case 'waiting':
      return reason ?? 'Waiting until the hub has acknowledged everything.'
    case 'comparing':
      return documents
        ? `Compared ${grouped(compared ?? 0)} of ${grouped(documents)} documents.`
        : 'Reading the records.'
    case 'sending-again':
      return 'Sending again what the hub lacks.'
    case 'resting':
      return 'Done.'
  }
}

function headline({ outcome, documents }: VerifyResult): string {
  switch (outcome) {
    case 'agrees':
      return `The hub has all ${grouped(documents)} documents.`
    case 'differs':
      return `The hub does not have all of the ${grouped(documents)} documents as they are here.`
    case 'unconfirmed':
      return `Nothing is missing of ${grouped(documents)} documents, but the hub has given no valid receipt.`
  }
}

function found(what: string, { count, ids }: { count: number; ids: string[] }): string[] {
  if (count === 0) return []
  const more = count > ids.length ? [`  and ${grouped(count - ids.length)} more`] : []
  return [`${grouped(count)} ${what}:`, ...ids.map((id) => `  ${id}`), ...more]
}

function grouped(count: number): string {
  return count.toLocaleString('en')
}
