/** Rows as aligned columns. Whoever registers chooses names, so nothing in a cell can steer the terminal. */
export function table(head: readonly string[], rows: readonly (readonly (string | undefined)[])[]): string {
  const lines = [head, ...rows.map((row) => row.map((cell) => printable(cell ?? '')))]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => [...(line[column] ?? '')].length)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - [...cell].length)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export function printable(text: string): string {
  return text.replace(/[\p{C}\u2028\u2029]/gu, '\uFFFD')
}

/** `2026-11-22T07:41:03.120Z` as people read it; it stays UTC. */
export function shortTime(timestamp: string | undefined): string {
  return timestamp === undefined ? '' : `${timestamp.slice(0, 10)} ${timestamp.slice(11, 16)}`
}

/** A pairing code as it is read out: `3F7K 9QWD`. */
export function spaced(code: string): string {
  return `${code.slice(0, 4)} ${code.slice(4)}`
}
