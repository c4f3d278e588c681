/** A pairing code as it is read out: `3F7K 9QWD`. */
export function spaced(code: string): string {
  return `${code.slice(0, 4)} ${code.slice(4)}`
}

/** What somebody typed of what was read out: Crockford's base32 takes letters for the digits that they look like. */
export function codeTyped(text: string): string {
  return text
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
}

/** How far typing is: nothing can be said of a part that fits so far. */
export function comparedWith(code: string, text: string): 'typing' | 'same' | 'different' {
  const typed = codeTyped(text)
  if (typed === code) return 'same'
  return code.startsWith(typed) ? 'typing' : 'different'
}
