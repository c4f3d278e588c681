import { AskError } from '../../../web-kit/ask'

/** An answer of a JSON value a line, line by line as it comes. Throws AskError; one that breaks off is an error too. */
export async function* linesOf(path: string, signal: AbortSignal): AsyncGenerator<unknown> {
  let rest = ''
  try {
    const response = await fetch(path, { signal, credentials: 'same-origin' })
    if (!response.ok) throw await refusal(response)
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      const lines = (rest + part.value).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) yield JSON.parse(line) as unknown
    }
  } catch (cause) {
    if (signal.aborted || cause instanceof AskError) throw cause
    throw new AskError('UNREACHABLE', '', 0)
  }
  if (rest !== '') throw new AskError('UNREACHABLE', '', 0)
}

async function refusal(response: Response): Promise<AskError> {
  const { error = 'INTERNAL', reason = '' } = (await response.json()) as { error?: string; reason?: string }
  return new AskError(error, reason, response.status)
}
