export interface Icd10Hit {
  readonly code: string
  readonly en: string
  readonly id: string
}

const MOST_HITS = 12

/** Each word that was typed begins a word of a title, in either language, or the code. What begins a title, or what it says in brackets, comes first. */
export function searchIcd10(
  typed: string,
  titles: readonly (readonly [code: string, en: string, id: string])[],
): Icd10Hit[] {
  const wanted = wordsOf(typed)
  if (wanted.length === 0) return []
  const hits = titles.flatMap(([code, en, id]) => {
    const bare = code.toLowerCase().replace('.', '')
    const words = [code.toLowerCase(), bare, ...wordsOf(en), ...wordsOf(id)]
    if (!wanted.every((part) => words.some((word) => word.startsWith(part)))) return []
    const starts = [code, bare, ...en.split('('), ...id.split('(')].map(plain)
    const begins = (text: string) => starts.some((start) => start.startsWith(text))
    const rank = begins(wanted.join(' ')) ? 0 : begins(wanted[0] ?? '') ? 1 : 2
    return [{ hit: { code, en, id }, rank }]
  })
  return hits
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, MOST_HITS)
    .map(({ hit }) => hit)
}

/** A code with its point that begins somebody's own words may be meant as one, also where no title here has it: "T38.5 demam" is not. */
export function codedIn(typed: string): { code: string; title: string } | undefined {
  const [, code, title] = /^([a-z]\d[0-9a-z]\.\d{1,2})(?:[\s,:–-]+(.*))?$/i.exec(typed.trim()) ?? []
  return code === undefined ? undefined : { code: code.toUpperCase(), title: title || code.toUpperCase() }
}

/** Codes keep their point: "E11.9" is one word. */
function wordsOf(text: string): string[] {
  return plain(text)
    .split(/[^a-z0-9.]+/)
    .filter((word) => word !== '')
}

export function plain(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
}
