import { BodyError } from './body-error'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const COMMA = 0x2c

export interface JsonLimits {
  readonly mostDepth: number
  /** Objects, lists and what follows a comma. A few bytes of text can be as many bytes of memory as a whole name. */
  readonly mostValues: number
}

/**
 * JSON of bytes that anybody may have sent. What is nested deeper than the limit is refused before it is parsed: the parser
 * takes it, and whatever walks through it later by recursion runs out of stack. So is what has too many values:
 * 32 MiB of `[],[],[]` keep the parser busy for seconds, in which the whole program does nothing else.
 */
export function parseJson(bytes: Buffer, limits: JsonLimits): unknown {
  refuseOutgrown(bytes, limits)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new BodyError('entity.parse.failed', { cause })
  }
}

/** In UTF-8 no byte of a longer character looks like one of these. */
function refuseOutgrown(bytes: Buffer, { mostDepth, mostValues }: JsonLimits): void {
  let depth = 0
  let values = 0
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at]) {
      case QUOTE:
        at = endOfText(bytes, at)
        break
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        values++
        if (++depth > mostDepth) throw new BodyError('entity.too.deep')
        break
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        depth--
        break
      case COMMA:
        if (++values > mostValues) throw new BodyError('entity.too.large')
        break
    }
  }
}

/** Where the text ends that begins at `start`; most of a record is text, and is jumped over. */
function endOfText(bytes: Buffer, start: number): number {
  for (let end = bytes.indexOf(QUOTE, start + 1); end !== -1; end = bytes.indexOf(QUOTE, end + 1)) {
    let backslashes = 0
    while (bytes[end - 1 - backslashes] === BACKSLASH) backslashes++
    if (backslashes % 2 === 0) return end
  }
  return bytes.length
}
