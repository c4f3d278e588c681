const IS_TERMINAL = process.stdout.isTTY === true
const paint = (code: string, text: string) => (IS_TERMINAL ? `\u001b[${code}m${text}\u001b[0m` : text)

export const bold = (text: string) => paint('1', text)
export const dim = (text: string) => paint('2', text)
export const green = (text: string) => paint('32', text)

export function line(text = ''): void {
  process.stdout.write(`${text}\n`)
}

/** One step of the trial: what happens, then what came of it. */
export async function step<T>(
  number: number,
  title: string,
  work: (note: (text: string) => void) => Promise<T>,
): Promise<T> {
  line(`${bold(` ${number}  ${title}`)}`)
  const startedAt = performance.now()
  const result = await work((text) => line(`    ${text}`))
  line(`    ${green('done')} ${dim(`in ${seconds(performance.now() - startedAt)}`)}`)
  return result
}

/** Shows how far a long work is: one line that moves on a terminal, a line every so often elsewhere. */
export class Progress {
  #shownAt = 0

  show(text: string, isLast: boolean): void {
    const now = performance.now()
    if (IS_TERMINAL) process.stdout.write(`\r\u001b[K    ${text}${isLast ? '\n' : ''}`)
    else if (isLast || now - this.#shownAt > 2_000) {
      line(`    ${text}`)
      this.#shownAt = now
    }
  }
}

export function bar(part: number, whole: number): string {
  const filled = whole === 0 ? 20 : Math.round((20 * part) / whole)
  return `${'█'.repeat(filled)}${'░'.repeat(20 - filled)}`
}

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}

export function count(amount: number): string {
  return amount.toLocaleString('en')
}
