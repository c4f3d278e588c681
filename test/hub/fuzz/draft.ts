export type Header = readonly [name: string, value: string]

/** A request on its way to the wire. */
export interface Draft {
  readonly method: string
  readonly target: string
  readonly headers: readonly Header[]
  readonly body: Buffer | undefined
  /** What says how long the body is. */
  readonly framing: readonly Header[]
  readonly isAlone: boolean
}

export function bytesOf({ method, target, headers, framing, body }: Draft): Buffer {
  const lines = [...headers, ...framing].map(([name, value]) => `${name}: ${value}`)
  const head = [`${method} ${target} HTTP/1.1`, ...lines, '', ''].join('\r\n')
  return Buffer.concat([Buffer.from(head, 'latin1'), body ?? Buffer.alloc(0)])
}

/** Without what would end the line: that is what `head` is for. */
export function onLine(text: string): string {
  return Buffer.from(text, 'utf8')
    .toString('latin1')
    .replace(/[\r\n]/g, ' ')
}
