import type { EdgeStatus } from '../../schemas/generated/types'

type AttentionCode = NonNullable<EdgeStatus['attentionCodes']>[number]

/** Sentences for people, and their kinds; absent where all is well. */
export function attentionTo(
  ...all: (readonly [AttentionCode, string | false | undefined] | undefined)[]
): Pick<EdgeStatus, 'attention' | 'attentionCodes'> {
  const said = all.flatMap((one) => {
    const [code, sentence] = one ?? []
    return code && typeof sentence === 'string' ? [{ code, sentence }] : []
  })
  if (said.length === 0) return {}
  return { attention: said.map(({ sentence }) => sentence), attentionCodes: said.map(({ code }) => code) }
}
