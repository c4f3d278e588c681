import type { Readable } from 'node:stream'
import { PlainError } from '../runtime/plain-error'

/** Standard input: of a terminal, it can be told not to show what is typed. */
export type Terminal = Readable & { isTTY?: boolean; setRawMode?(isRaw: boolean): unknown }

const MOST_CHARACTERS = 1_000

/** Asks on the terminal without showing what is typed. Throws where nobody sits there. */
export async function askSecret(
  question: string,
  input: Terminal = process.stdin,
  output: { write(text: string): unknown } = process.stderr,
): Promise<string> {
  if (!input.isTTY || !input.setRawMode) {
    throw new PlainError('No terminal to ask for the password on: send it to --password-stdin.')
  }
  output.write(question)
  input.setRawMode(true)
  try {
    return await line(input)
  } finally {
    input.setRawMode(false)
    input.pause()
    output.write('\n')
  }
}

/** The same twice, or none. */
export async function askNewSecret(question: string, ...terminal: [Terminal?, { write(text: string): unknown }?]) {
  const secret = await askSecret(question, ...terminal)
  if ((await askSecret('Once more: ', ...terminal)) === secret) return secret
  throw new PlainError('The two were not the same; nothing was changed.')
}

/** All of standard input without the end of its line, for programs. */
export async function readSecret(input: AsyncIterable<Buffer | string> = process.stdin): Promise<string> {
  let text = ''
  for await (const chunk of input) {
    text += chunk
    if (text.length > MOST_CHARACTERS) throw new PlainError('What came on standard input is too long for a password.')
  }
  return text.replace(/\r?\n$/, '')
}

function line(input: Readable): Promise<string> {
  return new Promise((done, failed) => {
    const typed: string[] = []
    const finish = (end: () => void) => {
      input.off('data', onData)
      end()
    }
    const onData = (chunk: Buffer | string) => {
      for (const character of chunk.toString()) {
        if (character === '\r' || character === '\n') return finish(() => done(typed.join('')))
        // Raw, so Ctrl-C and Ctrl-D are characters like others.
        if (character === '\u0003' || character === '\u0004') return finish(() => failed(new PlainError('Cancelled.')))
        if (character === '\u007f' || character === '\b') typed.pop()
        else if (character >= ' ' && typed.length < MOST_CHARACTERS) typed.push(character)
      }
    }
    input.on('data', onData)
    input.resume()
  })
}
