import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { PlainError } from './plain-error'

/** Asks on a terminal, where nobody sees what is typed; from a pipe it is the first line. Throws PlainError where there is none. */
export async function readPassphrase(
  question: string,
  { stdin, stderr }: Pick<NodeJS.Process, 'stdin' | 'stderr'> = process,
): Promise<string> {
  const isTerminal = stdin.isTTY === true
  if (isTerminal) stderr.write(question)
  // What readline would echo.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: stdin, output: nowhere, terminal: isTerminal })
  try {
    const line = await new Promise<string>((resolve) => {
      lines.once('line', resolve)
      lines.once('close', () => resolve(''))
    })
    if (line === '') throw new PlainError('A passphrase is needed: type it, or give it as the first line of the input.')
    return line
  } finally {
    lines.close()
    if (isTerminal) stderr.write('\n')
    stdin.pause()
  }
}
