import { PassThrough } from 'node:stream'
import { askNewSecret, askSecret, readSecret, type Terminal } from '../../hub/ask-secret'

/** A terminal at which somebody types. */
function terminal() {
  const shown: string[] = []
  const raw: boolean[] = []
  const input: Terminal = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (isRaw: boolean) => void raw.push(isRaw),
  })
  const output = { write: (text: string) => void shown.push(text) }
  const type = (...texts: string[]) => {
    for (const text of texts) (input as PassThrough).write(text)
  }
  return { input, output, type, shown, raw }
}

test('shows nothing of what is typed, and leaves the terminal as it was', async () => {
  const { input, output, type, shown, raw } = terminal()
  const asked = askSecret('Password: ', input, output)
  type('ra', 'hasia\u007f\u007fXY', '\r')
  expect(await asked).toBe('rahasXY')
  expect(shown).toEqual(['Password: ', '\n'])
  expect(raw).toEqual([true, false])
})

test.each(['\u0003', '\u0004'])('can be cancelled with %j', async (key) => {
  const { input, output, type, raw } = terminal()
  const asked = askSecret('Password: ', input, output)
  type('half', key)
  await expect(asked).rejects.toThrow('Cancelled')
  expect(raw).toEqual([true, false])
})

test('a new one is asked for twice', async () => {
  const wrong = terminal()
  const differ = askNewSecret('New: ', wrong.input, wrong.output)
  wrong.type('one\r')
  setImmediate(() => wrong.type('other\r'))
  await expect(differ).rejects.toThrow('not the same')
  const right = terminal()
  const same = askNewSecret('New: ', right.input, right.output)
  right.type('one\r')
  setImmediate(() => right.type('one\r'))
  expect(await same).toBe('one')
})

test('without a terminal it says what to do', async () => {
  await expect(askSecret('Password: ', new PassThrough(), { write: () => undefined })).rejects.toThrow(
    '--password-stdin',
  )
})

test.each([
  ['secret\n', 'secret'],
  ['secret\r\n', 'secret'],
  ['secret', 'secret'],
  [' with spaces \n\n', ' with spaces \n'],
])('standard input %j is %j', async (text, expected) => {
  const input = new PassThrough()
  input.end(text)
  expect(await readSecret(input)).toBe(expected)
})
