const SPACE = 0x20
const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d

/** The text is not JSON, or not of the form that is read: the answer broke off, or is not the database's. */
export class UnreadableText extends Error {}

/**
 * Walks over JSON that a database wrote and finds where things are, without making objects of them. It trusts what it steps over
 * to be JSON, and is strict about what it looks at.
 */
export class JsonCursor {
  constructor(
    readonly text: string,
    public at = 0,
  ) {}

  /** Over an object: called with each member's name, raw, while the cursor stands at its value; it has to step over that. */
  members(visit: (name: string) => void): void {
    this.#expect(OPEN_OBJECT)
    if (this.#accept(CLOSE_OBJECT)) return
    do {
      const name = this.literal()
      this.#expect(COLON)
      this.#blank()
      visit(name)
    } while (this.#accept(COMMA))
    this.#expect(CLOSE_OBJECT)
  }

  /** Over a list, as `members`. */
  items(visit: () => void): void {
    this.#expect(OPEN_LIST)
    if (this.#accept(CLOSE_LIST)) return
    do {
      this.#blank()
      visit()
    } while (this.#accept(COMMA))
    this.#expect(CLOSE_LIST)
  }

  isAtObject(): boolean {
    return this.text.charCodeAt(this.at) === OPEN_OBJECT
  }

  isAtText(): boolean {
    return this.text.charCodeAt(this.at) === QUOTE
  }

  /** What is between the quotes, as it stands there. */
  literal(): string {
    this.#blank()
    if (!this.isAtText()) throw new UnreadableText('no text where there should be one')
    const start = this.at
    this.at = this.#endOfText(start)
    return this.text.slice(start + 1, this.at - 1)
  }

  /** Over a value of any kind. */
  skip(): void {
    const { text } = this
    this.#blank()
    let depth = 0
    for (let at = this.at; ; ) {
      switch (text.charCodeAt(at)) {
        case QUOTE:
          at = this.#endOfText(at)
          break
        case OPEN_OBJECT:
        case OPEN_LIST:
          depth += 1
          at += 1
          continue
        case CLOSE_OBJECT:
        case CLOSE_LIST:
          if (depth > 0) at += 1
          depth -= 1
          break
        case COMMA:
          if (depth > 0) at += 1
          break
        default:
          if (at >= text.length) throw new UnreadableText('it breaks off')
          at += 1
          continue
      }
      // A text, an object or a list has ended here, or what holds the value goes on.
      if (depth <= 0) {
        this.#stand(at)
        return
      }
    }
  }

  /** Throws unless nothing follows. */
  end(): void {
    this.#blank()
    if (this.at < this.text.length) throw new UnreadableText('it goes on after its end')
  }

  #stand(at: number): void {
    if (at === this.at) throw new UnreadableText('no value where there should be one')
    this.at = at
  }

  #endOfText(start: number): number {
    for (let quote = this.text.indexOf('"', start + 1); quote !== -1; quote = this.text.indexOf('"', quote + 1)) {
      let backslashes = 0
      while (this.text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes += 1
      if (backslashes % 2 === 0) return quote + 1
    }
    throw new UnreadableText('it breaks off in a text')
  }

  #expect(code: number): void {
    if (!this.#accept(code)) throw new UnreadableText(`no ${String.fromCharCode(code)} where there should be one`)
  }

  #accept(code: number): boolean {
    this.#blank()
    if (this.text.charCodeAt(this.at) !== code) return false
    this.at += 1
    return true
  }

  #blank(): void {
    // Space, and the line feeds between CouchDB's rows.
    for (let code = this.text.charCodeAt(this.at); code <= SPACE; code = this.text.charCodeAt(this.at)) this.at += 1
  }
}
